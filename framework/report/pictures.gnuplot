# Pictures in a grid. One pixel of NAME-pixels.png is one pixel of the figure; y counts upwards from its lower edge. Set above:
# the grid's pixels_width and pixels_height; columns and the size of a cell and of a picture in it; classes, and captions: 1
# if below each picture stands what it is and what it was taken for (columns of the data then: index, actual, predicted,
# confidence), 2 if each row has the name of its class before it, in a column of names_width (columns: row, samples), 3 if below
# picture i stand texts[i + 1] and more[i + 1] (a row for each).
unset border
unset tics
unset key
set lmargin 0
set rmargin 0
set bmargin 0
set tmargin 2.5
set xrange [0:pixels_width]
set yrange [0:pixels_height]
x(i) = (int(i) % columns) * cell_width + cell_width / 2
y(i, line) = pixels_height - (int(i) / columns) * cell_height - picture_height - 16 - 20 * line
pixels = name . '-pixels.png'
if (captions == 1) {
    plot pixels binary filetype=png origin=(0.5,0.5) with rgbimage, \
         data using (x($0)):(y($0, 0)):(sprintf('actual: %s', classes[int($2) + 1])) with labels, \
         data using (x($0)):(y($0, 1)):(sprintf('predicted: %s', classes[int($3) + 1])) with labels, \
         data using (x($0)):(y($0, 2)):(sprintf('%.2f %% sure', 100 * $4)) with labels
}
if (captions == 2) {
    set xrange [-names_width:pixels_width]
    plot pixels binary filetype=png origin=(0.5,0.5) with rgbimage, \
         data using (-8):(pixels_height - ($1 + 0.5) * cell_height):(classes[int($1) + 1]) with labels right
}
if (captions == 3) {
    plot pixels binary filetype=png origin=(0.5,0.5) with rgbimage, \
         data using (x($0)):(y($0, 0)):(texts[int($0) + 1]) with labels, \
         data using (x($0)):(y($0, 1)):(more[int($0) + 1]) with labels
}
if (captions == 0) {
    plot pixels binary filetype=png origin=(0.5,0.5) with rgbimage
}
