#include "chapters/04-training-loop/grade_models.h"

#include <cmath>

namespace cairn::course {

namespace {

exercise::Parameter drawn(RandomStream& random, const Sizes& shape, double scale) {
    exercise::Parameter p{Array(shape), Array(shape)};
    for (double& value : p.value.values) value = scale * random.normal();
    return p;
}

RandomStream stream(std::uint64_t seed) { return RandomStream({.seed = seed, .stream = stream_of(Purpose::test), .step = 0}); }

// c = a b, for a (M, K), b (K, O).
Array times(const Array& a, const Array& b) {
    const std::size_t M = a.shape[0], K = a.shape[1], O = b.shape[1];
    Array c({M, O});
    for (std::size_t i = 0; i < M; ++i)
        for (std::size_t k = 0; k < K; ++k)
            for (std::size_t j = 0; j < O; ++j) c[i * O + j] += a[i * K + k] * b[k * O + j];
    return c;
}

Array turned(const Array& a) {
    Array b({a.shape[1], a.shape[0]});
    for (std::size_t i = 0; i < a.shape[0]; ++i)
        for (std::size_t j = 0; j < a.shape[1]; ++j) b[j * a.shape[0] + i] = a[i * a.shape[1] + j];
    return b;
}

void add_row(Array& a, const Array& row) {
    for (std::size_t i = 0; i < a.size(); ++i) a[i] += row[i % row.size()];
}

void accumulate(Array& to, const Array& from, double factor) {
    for (std::size_t i = 0; i < from.size(); ++i) to[i % to.size()] += factor * from[i];
}

}  // namespace

Network::Network(std::size_t K, std::size_t H, std::size_t C, std::uint64_t seed, double scale) {
    RandomStream random = stream(seed);
    w1 = drawn(random, {K, H}, scale);
    b1 = drawn(random, {1, H}, scale);
    w2 = drawn(random, {H, C}, scale);
    b2 = drawn(random, {1, C}, scale);
}

Array Network::forward(const Array& given, bool training) {
    x_ = given;
    const std::size_t H = b1.value.size(), K = given.shape[1];
    for (std::size_t i = 0; blind && i < x_.size(); ++i) x_[i] = given[i % K];
    h_ = times(x_, w1.value);
    add_row(h_, b1.value);
    for (double& value : h_.values) value = std::tanh(value);
    ++(training ? training_calls : other_calls);
    dropped_ = training && drops ? static_cast<std::size_t>(training_calls) % H : H;
    for (std::size_t i = 0; i < h_.size(); ++i)
        if (i % H == dropped_) h_[i] = 0;
    Array logits = times(h_, w2.value);
    add_row(logits, b2.value);
    for (std::size_t i = 0; i < logits.size(); ++i)
        logits[i] = logit_scale * (logits[i] + (i % logits.shape[1] == 0 ? favourite : 0));
    return logits;
}

void Network::backward(const Array& given) {
    Array dlogits = given;
    for (double& value : dlogits.values) value *= logit_scale;
    Array dh = times(dlogits, turned(w2.value));
    for (std::size_t i = 0; i < dh.size(); ++i) dh[i] *= i % b1.value.size() == dropped_ ? 0 : 1 - h_[i] * h_[i];
    accumulate(b2.gradient, dlogits, sign);
    accumulate(b1.gradient, dh, sign);
    if (only_biases) return;
    accumulate(w2.gradient, times(turned(h_), dlogits), sign);
    accumulate(w1.gradient, times(turned(x_), dh), sign);
}

exercise::Data images(RandomStream& random, std::size_t N, std::size_t K, std::size_t C) {
    exercise::Data data{Array({N, K}), {}};
    for (double& value : data.images.values) value = random.normal();
    for (std::size_t i = 0; i < N; ++i) {
        std::size_t label = 0;
        for (std::size_t c = 1; c < std::min(C, K); ++c)
            if (data.images[i * K + c] > data.images[i * K + label]) label = c;
        data.labels.push_back(static_cast<int>(label));
    }
    return data;
}

std::vector<Judged> beginnings() {
    std::vector<Judged> all;
    const auto add = [&](const char* name, std::size_t N, std::size_t C, bool right, const char* about) {
        RandomStream random = stream(all.size() + 20);
        all.push_back({name, std::make_shared<Network>(12, 6, C, all.size() + 1, 0.05), images(random, N, 12, C), right, about});
        return all.back().model;
    };
    add("10 classes", 70, 10, true, "its loss is ln 10, up to 0.02");
    add("3 classes", 45, 3, true, "it has 3 classes: a guess costs ln 3 = 1.0986");
    add("one image", 1, 10, true, "its loss is ln 10, up to 0.1");
    add("large logits", 70, 10, false, "its logits are large from the start: the loss is far above ln 10")->logit_scale = 80;
    add("a class preferred", 70, 10, false, "it begins by believing in class 0: the loss is above ln 10")->favourite = 4;
    const auto drops = add("4 classes, another mode in training", 70, 4, true, "it is right when it is not in training mode; it was tried in training mode");
    // Units 0 and 1 cancel each other, unless one of them is left out.
    drops->drops = true;
    drops->w1.value = Array(drops->w1.value.shape);
    drops->b1.value.values.assign(6, 3.0);
    drops->w2.value = Array(drops->w2.value.shape);
    drops->w2.value[0] = 8;
    drops->w2.value[4] = -8;
    const auto knows = add("answers known", 40, 10, false, "its loss is near 0 before any step: the labels are among its inputs");
    knows->w1.value = Array(knows->w1.value.shape);
    knows->favourite = 9;
    all.back().data.labels.assign(40, 0);
    return all;
}

std::vector<Judged> learners() {
    std::vector<Judged> all;
    const auto add = [&](const char* name, std::size_t N, std::size_t H, bool right, const char* about) {
        RandomStream random = stream(all.size() + 40);
        all.push_back({name, std::make_shared<Network>(24, H, 4, all.size() + 1), images(random, N, 24, 4), right, about});
        return all.back().model;
    };
    add("16 hidden units", 20, 16, true, "it learns twenty images in some hundred steps");
    add("of 300 images", 300, 5, true, "of 300 images, only the first 20 are to be learned");
    add("7 images", 7, 10, true, "there are only 7 images");
    add("gradients of the wrong sign", 20, 16, false, "its gradients have the wrong sign: the loss rises")->sign = -1;
    add("only biases learn", 20, 16, false, "its kernels have no gradients: the loss falls a little, to that of the class frequencies")->only_biases = true;
    add("sees one image", 20, 16, false, "it sees the same image every time: the loss falls a little")->blind = true;
    add("one hidden unit", 20, 1, false, "it has one hidden unit: the loss falls, and not to 0");
    RandomStream random = stream(99);  // labels that follow from nothing
    for (const std::size_t i : {std::size_t{1}, all.size() - 1})
        for (int& label : all[i].data.labels) label = static_cast<int>(random.uniform(0, 4)) % 4;
    return all;
}

}  // namespace cairn::course
