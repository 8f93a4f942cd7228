# Writes mid_p.json: the two-sided mid-P of every 2 x 2 table with some margins, by the function that analysis.R of a run holds
# (dhyper: tables less probable than the one seen, and half of those as probable; Lancaster 1961, Hirji 2006), and Fisher's P of R.
#
#   Rscript tests/oracle/regenerate_mid_p.R

options(warn = 1)
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
packages <- "stats"
source(file.path(here, "write_json.R"))
source(file.path(here, "..", "..", "src", "oligoscope", "report", "r_script", "comparisons.R"))

margins <- list(c(1, 1, 1), c(2, 9, 3), c(6, 6, 6), c(5, 12, 4), c(10, 10, 3), c(7, 30, 9), c(40, 3, 12), c(25, 25, 8))
cases <- unlist(lapply(margins, function(m) lapply(max(0, m[3] - m[2]):min(m[1], m[3]), function(a) {
  table <- rbind(c(a, m[1] - a), c(m[3] - a, m[2] - m[3] + a))
  list(table = many(t(table)), mid_p = mid_p(table), fisher = fisher.test(table)$p.value)
})), recursive = FALSE)
write_topic("mid_p", cases)
