# What layers have, side by side; of several states of a model each beside the one before. Set above: axis, layers and states (the
# names), logarithmic, and spreads: 1 if a layer has a box from the lower to the upper quartile with its median, and whiskers from
# the 5th to the 95th percentile (columns: layer from 0, state from 0, and these from low to high), 0 if it has one number
# (columns: layer, state, the number).
set xrange [-0.6:|layers| - 0.4]
set xtics () rotate by 45 right scale 0
set for [l = 1:|layers|] xtics add (layers[l] l - 1)
set ylabel axis
set key outside top center horizontal Left reverse
set tmargin -1
set lmargin 11
set datafile missing NaN
if (logarithmic) {
    set logscale y
    set format y '%g'
}
step = 0.8 / |states|
place(layer, state) = layer + (state - (|states| - 1) / 2.0) * step
if (spreads) {
    set boxwidth 0.8 * step
    set style fill solid 0.55 border
    plot for [s = 1:|states|] data using ($2 == s - 1 ? place($1, $2) : NaN):4:3:7:6 with candlesticks whiskerbars 0.5 \
             lw 1.5 lc rgb colours[s] title states[s], \
         for [s = 1:|states|] data using ($2 == s - 1 ? place($1, $2) : NaN):5:5:5:5 with candlesticks lw 2 \
             lc rgb 'black' notitle
} else {
    plot for [s = 1:|states|] data using ($2 == s - 1 ? $1 : NaN):3 with linespoints pt (s == 1 ? 7 : 5) ps 0.8 lw 3 \
             lc rgb colours[s] title states[s]
}
