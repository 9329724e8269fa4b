// What the sums over rows share: x (M, C) is M rows of C channels. A workgroup takes `width` neighbouring channels and
// one of `slices` slices of the rows, with 128 / width lanes for each channel (see lanes.glsl). Where there are several
// slices, a second run of the shader (constant 0 is true) takes the slices' partial results (slices, 2, C) for its rows.
#include "lanes.glsl"

layout(constant_id = 0) const bool of_partials = false;

layout(push_constant) uniform Push {
    uint M, C, width;
    uint slices, slice_rows;  // how x's rows are cut
    float epsilon, momentum, one_minus_momentum;
    uint optional;  // which of the optional operands are there: bit 0 the first
} p;

uint groups_of_slice() { return (p.C + p.width - 1) / p.width; }
uint slice() { return flat_group() / groups_of_slice(); }
uint channel() { return flat_group() % groups_of_slice() * p.width + gl_LocalInvocationIndex % p.width; }
uint lane() { return gl_LocalInvocationIndex / p.width; }
uint lanes() { return group_size / p.width; }

// The rows of x (or, in the second run, the slices) that this group's lanes share; none for a channel behind the last.
uint begin_of_rows() { return of_partials ? 0 : min(slice() * p.slice_rows, p.M); }
uint end_of_rows() {
    if (channel() >= p.C || (!of_partials && slice() >= p.slices)) return begin_of_rows();
    return of_partials ? p.slices : min(begin_of_rows() + p.slice_rows, p.M);
}
// True for the invocation that writes the channel's result.
bool writes_result() { return lane() == 0 && channel() < p.C && (of_partials || slice() < p.slices); }
bool is_last_run() { return of_partials || p.slices == 1; }

// The two numbers of a slice's partial result.
uint partial(uint of_slice, uint number) { return (of_slice * 2 + number) * p.C + channel(); }
