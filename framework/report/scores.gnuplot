# A group of four bars for each model, with the notebook's scores as marks. A group is 1 wide: four bars and a gap, each a
# fifth. Set above: models. Columns: model, four scores, four scores of the notebook.
array scores[4] = ['accuracy', 'precision', 'recall', 'F1']
array bars[4] = [colours[1], colours[2], colours[3], colours[5]]
set ylabel 'score on the test images'
set yrange [0:1]
set xrange [-0.6:|models| - 0.4]
set xtics () scale 0
set for [m = 1:|models|] xtics add (models[m] m - 1)
set key below
set style fill solid border lc rgb 'white'
set boxwidth 0.2
plot for [s = 1:4] data using ($0 + 0.2 * s - 0.5):s + 1 with boxes lc rgb bars[s] title scores[s], \
     for [s = 1:4] data using ($0 + 0.2 * s - 0.5):s + 5 with points pt 13 ps 0.8 lc rgb 'black' title s == 1 ? 'notebook' : ''
