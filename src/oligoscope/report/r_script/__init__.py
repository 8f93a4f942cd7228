"""analysis.R: the main analyses again in R, from the files of the run, each number beside ours."""
