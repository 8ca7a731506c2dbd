"""Charts painted with QPainter: scales, panes, candles, lines of levels and the widgets that hold them."""
