// What a reduction and its backward have in common: a tensor whose axes are kept or reduced. Result r < results
// counts along the kept axes and element k < count along the reduced ones, row-major in both; element k of result r has the
// offset kept_offset(r) + reduced_offset(k). Neighbouring axes of the same kind are one, so there are at most three
// of each; they are listed innermost first.
//
// A workgroup takes `width` results and one of `slices` slices of their elements, with 128 / width lanes for each.
layout(push_constant) uniform Push {
    uint results, count;
    uint kept_axes, reduced_axes;
    uint kept_size[3], kept_stride[3];
    uint reduced_size[3], reduced_stride[3];
    uint width, lane_step;    // lane_step is 1 or width: see lanes.glsl
    uint slices, slice_size;  // elements per slice
    float scale;              // factor of the result
} p;

uint kept_offset(uint r) {
    uint offset = 0;
    for (uint axis = 0; axis + 1 < p.kept_axes; ++axis) {
        offset += r % p.kept_size[axis] * p.kept_stride[axis];
        r /= p.kept_size[axis];
    }
    return p.kept_axes == 0 ? 0 : offset + r * p.kept_stride[p.kept_axes - 1];
}

uint reduced_offset(uint k) {
    uint offset = 0;
    for (uint axis = 0; axis + 1 < p.reduced_axes; ++axis) {
        offset += k % p.reduced_size[axis] * p.reduced_stride[axis];
        k /= p.reduced_size[axis];
    }
    return p.reduced_axes == 0 ? 0 : offset + k * p.reduced_stride[p.reduced_axes - 1];
}

// This invocation's share of the work.
struct Share {
    uint slice, result, lane, lanes;
    uint begin, end;  // of the slice's elements
};

Share share_of_axes() {
    const uint groups_of_slice = (p.results + p.width - 1) / p.width;
    const uint me = gl_LocalInvocationIndex;
    Share s;
    s.lanes = group_size / p.width;
    s.lane = p.lane_step == 1 ? me % s.lanes : me / p.width;
    s.slice = flat_group() / groups_of_slice;
    s.result = flat_group() % groups_of_slice * p.width + (p.lane_step == 1 ? me / s.lanes : me % p.width);
    s.begin = min(s.slice * p.slice_size, p.count);
    s.end = min(s.begin + p.slice_size, p.count);
    if (s.result >= p.results || s.slice >= p.slices) s.end = s.begin;  // takes part in the barriers, with nothing
    return s;
}
