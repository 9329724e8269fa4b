# What all figures share. ARG1 is the kind of drawing, which goes to the standard output; by hand there is none, and it goes
# into NAME.svg.
by_hand = !exists('ARGC') || ARGC < 1
if (by_hand) ARG1 = 'svg'
if (ARG1 eq 'png') {
    set terminal pngcairo noenhanced rounded size 2 * width, 2 * height fontscale 2 linewidth 2 pointscale 2 font 'sans-serif,12'
} else {
    set terminal svg noenhanced dynamic rounded size width, height font 'sans-serif,16' background rgb 'white'
}
if (by_hand) set output name . '.svg'

data = name . '.csv'
set datafile separator comma
set datafile columnheaders
set title title
set border 3 lc rgb '#555555'
set tics nomirror out scale 0.6 textcolor rgb '#222222'
set grid ytics lt 1 lw 1 lc rgb '#dddddd'
set tmargin 2.2
set ylabel offset 1,0
set xlabel offset 0,0.4

# Okabe and Ito's palette: colours that colour-blind readers can tell apart.
array colours[8] = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#000000', '#F0E442']
