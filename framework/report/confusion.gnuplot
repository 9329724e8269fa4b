# Confusion matrices, Actual against Predicted; several stand in rows of two. Set above: the classes, of which every step-th is
# named; of each matrix the title and its largest count (most); written: 1 if the counts are written in, with count_font, 0 if a
# square of zoom x zoom pixels of NAME-pixels.png, where the matrices stand side by side, is all that there is for each.
# Columns: matrix, actual, predicted, count.
matrices = |titles|
size = |classes|

# ColorBrewer's Blues; a count on a dark square is written in white.
set palette defined (0 '#F7FBFF', 1 '#DEEBF7', 2 '#C6DBEF', 3 '#9ECAE1', 4 '#6BAED6', 5 '#4292C6', 6 '#2171B5', \
                     7 '#08519C', 8 '#08306B')
unset colorbox
unset key
unset grid
set border 0
set tics scale 0
set style fill solid noborder
set xrange [-0.5:size - 0.5]
set yrange [size - 0.5:-0.5]
set xtics () rotate by 45 right font tic_font
set ytics () font tic_font
set for [c = 1:size:step] xtics add (classes[c] c - 1)
set for [c = 1:size:step] ytics add (classes[c] c - 1)
set xlabel 'Predicted'
set ylabel 'Actual'

pixels = name . '-pixels.png'
if (matrices > 1) set multiplot layout (matrices + 1) / 2, 2
do for [m = 1:matrices] {
    set title titles[m]
    set cbrange [0:most[m]]
    if (written) {
        plot data using ($1 == m - 1 ? $3 : NaN):2:($3 - 0.5):($3 + 0.5):($2 - 0.5):($2 + 0.5):4 \
                 with boxxyerror fillcolor palette, \
             data using ($1 == m - 1 ? $3 : NaN):2:($4 <= most[m] / 2 ? sprintf('%d', $4) : '') \
                 with labels textcolor rgb '#222222' font count_font, \
             data using ($1 == m - 1 ? $3 : NaN):2:($4 > most[m] / 2 ? sprintf('%d', $4) : '') \
                 with labels textcolor rgb 'white' font count_font
    } else {
        plot pixels binary filetype=png flipy dx=(1.0 / zoom) dy=(1.0 / zoom) \
                 origin=(-0.5 + 0.5 / zoom - (m - 1) * size, -0.5 + 0.5 / zoom) with rgbimage
    }
}
if (matrices > 1) unset multiplot
