#ifndef GEMBA_CPU_LEVEL_H
#define GEMBA_CPU_LEVEL_H

/// 1 when this processor and its operating system run x86-64-v3 code
/// (AVX2, BMI1/2, FMA, F16C, LZCNT, MOVBE), else 0. Always 0 on other architectures.
int gemba_cpu_has_v3(void);

#endif
