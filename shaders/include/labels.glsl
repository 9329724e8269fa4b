// Labels at binding 1: classes (int32 (B)), so that p[b,c] is 1 at the class and 0 elsewhere, or p (B, C) itself.
layout(binding = 1) readonly buffer Labels { uint labels[]; };

float probability(uint b, uint c) {
    if (p.classes != 0) return labels[b] == c ? 1.0 : 0.0;
    return uintBitsToFloat(labels[b * p.C + c]);
}
