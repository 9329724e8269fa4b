# Test accuracy against what it costs; a mark per run, in a colour and a form per name. Set above: cost, names, logarithmic.
# Columns: cost, accuracy, number of the name from 0.
array forms[9] = [6, 4, 8, 10, 12, 14, 1, 2, 3]
set xlabel cost
set ylabel 'test accuracy (share of images)'
if (logarithmic) {
    set logscale x
    set format x '%.0s %c'
}
set offsets graph 0.05, graph 0.05, graph 0.05, graph 0.05
set key outside right center Left reverse samplen 1
plot for [i = 1:|names|] data using ($3 == i - 1 ? $1 : NaN):2 with points pt forms[(i - 1) % 9 + 1] ps 1.3 lw 2.5 \
         lc rgb colours[(i - 1) % 7 + 1] title names[i]
