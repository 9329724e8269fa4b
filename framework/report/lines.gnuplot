# Lines against the epoch, which is column 1. Set above: epochs, axis, and of each line its title and its style.
set xlabel 'epoch'
set ylabel axis
set xrange [0.5:epochs + 0.5]
step = (epochs + 9) / 10
set xtics step, step
set key below horizontal Left reverse maxcols 2 samplen 4 width -3 height 0.6
plot for [i = 1:|titles|] data using 1:i + 1 with linespoints linestyle i title titles[i]
