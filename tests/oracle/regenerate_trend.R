# Writes R's answers about trends of a share over ordered classes: tests/oracle/trend.json.
#
#   Rscript tests/oracle/regenerate_trend.R
#
# Base R.

here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
packages <- character()
source(file.path(here, "write_json.R"))

cases <- list(
  # The example of ?prop.trend.test: smokers among patients of four studies (Fleiss 1981).
  smokers = list(x = c(83, 90, 129, 70), n = c(86, 93, 136, 82), score = 1:4),
  smokers_scored = list(x = c(83, 90, 129, 70), n = c(86, 93, 136, 82), score = c(0, 0, 0, 1)),
  rising = list(x = c(2, 5, 9, 14, 20), n = c(30, 28, 31, 29, 33), score = 1:5),
  # As months of progression: few in the last classes.
  months = list(x = c(4, 21, 32, 37, 25, 17, 17, 16, 14, 14, 12, 45, 20, 15),
                n = c(23, 60, 76, 81, 49, 34, 33, 29, 28, 24, 21, 74, 28, 19), score = 1:14)
)
answer <- function(case) {
  test <- prop.trend.test(case$x, case$n, case$score)
  list(events = many(case$x), totals = many(case$n), scores = many(case$score),
       statistic = unname(test$statistic), p_value = test$p.value)
}
write_topic("trend", lapply(cases, answer))
