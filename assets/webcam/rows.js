// A row of landmarks: for everybody 33 of 8 values; x, y, z in pixels, visibility, presence, x, y, z in metres.

export const POINTS = 33;
export const VALUES = 8;
