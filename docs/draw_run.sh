#!/bin/sh
# docs/draw_run.sh RUN OUT.svg: the picture at the top of the README, drawn by gnuplot from a run's folder:
# its accuracy by epoch (history.csv) and the confusion matrix of its test images (metrics.json).
#
#   docs/draw_run.sh chapters/12-model-comparison/results/resnet/seed1 docs/resnet.svg
set -eu
[ $# = 2 ] || {
    echo "usage: docs/draw_run.sh RUN OUT.svg" >&2
    exit 2
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cut -d, -f1,3,5 "$1/history.csv" | tail -n +2 >"$work/accuracy.csv"
# The counts of "test"."confusion", a row of the matrix to a line.
tr -d ' \n' <"$1/metrics.json" | sed 's/.*"test":{[^}]*"confusion":\[\[\([^}]*\)\]\].*/\1/; s/\],\[/\n/g' |
    tr ',' ' ' >"$work/confusion.txt"
accuracy=$(tr -d ' \n' <"$1/metrics.json" | sed 's/.*"test":{[^}]*"accuracy":\([0-9.]*\).*/\1/')
cat >"$work/plot" <<PLOT
set datafile separator ','
set terminal svg size 980,400 font 'sans-serif,12' background rgb 'white'
set output '$work/out.svg'
set multiplot layout 1,2
set title 'Accuracy of $(basename "$(dirname "$1")") on CIFAR-10'
set xlabel 'epoch'
set grid ytics lc rgb '#dddddd'
set border 3
set tics nomirror
set key bottom right
plot '$work/accuracy.csv' using 1:2 with lines lw 2 lc rgb '#9ECAE1' title 'training', \
     '' using 1:3 with lines lw 2 lc rgb '#08519C' title 'validation'
set datafile separator ' '
set title 'What is taken for what: 10,000 test images, $accuracy right'
set palette defined (0 '#F7FBFF', 1 '#C6DBEF', 2 '#6BAED6', 3 '#08519C')
unset colorbox
unset key
unset grid
set border 0
set tics scale 0
set xlabel 'predicted'
set ylabel 'actual'
classes = 'airplane automobile bird cat deer dog frog horse ship truck'
set xrange [-0.5:9.5]
set yrange [9.5:-0.5]
set xtics rotate by 45 right
do for [i=0:9] { set xtics add (word(classes, i + 1) i); set ytics add (word(classes, i + 1) i) }
plot '$work/confusion.txt' matrix using 1:2:3 with image pixels, \
     '' matrix using 1:2:(\$3 <= 500 ? sprintf('%d', \$3) : '') with labels font ',9' tc rgb '#333333', \
     '' matrix using 1:2:(\$3 > 500 ? sprintf('%d', \$3) : '') with labels font ',9' tc rgb 'white'
PLOT
gnuplot -d "$work/plot"
mv "$work/out.svg" "$2"
