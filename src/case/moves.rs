//! Which status may follow which, what an embargo forbids, which fact comes before which.
