// Models that the student's loop trains, right ones and broken ones, and data for them.
#pragma once

#include "cairn/core/random.h"
#include "chapters/04-training-loop/exercise.h"

#include <memory>
#include <string>
#include <vector>

namespace cairn::course {

// A network of one hidden layer with tanh: logits = tanh(x w1 + b1) w2 + b2. In training mode it counts its calls, and leaves out
// a hidden unit, another one each time, where `drops`.
class Network : public exercise::Model {
public:
    Network(std::size_t K, std::size_t H, std::size_t C, std::uint64_t seed, double scale = 0.1);

    Array forward(const Array& images, bool training) override;
    void backward(const Array& dlogits) override;
    std::vector<exercise::Parameter*> parameters() override { return {&w1, &b1, &w2, &b2}; }

    exercise::Parameter w1, b1, w2, b2;
    bool drops = false;
    double sign = 1;           // of the gradients that it hands out
    bool only_biases = false;  // has no gradients but the biases'
    bool blind = false;        // sees the first image in place of each
    double logit_scale = 1;
    double favourite = 0;  // is added to the logit of class 0
    int training_calls = 0, other_calls = 0;

private:
    Array x_, h_;
    std::size_t dropped_ = 0;
};

// N images of K normal numbers, with labels that follow from them.
exercise::Data images(RandomStream& random, std::size_t N, std::size_t K, std::size_t C);

// For a yes or no of the student's.
struct Judged {
    std::string name;
    std::shared_ptr<Network> model;
    exercise::Data data;
    bool right;
    std::string about;
};
std::vector<Judged> beginnings();  // for starts_right
std::vector<Judged> learners();    // for learns_twenty

}  // namespace cairn::course
