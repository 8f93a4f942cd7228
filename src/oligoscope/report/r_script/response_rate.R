# ---- responses: how many responded, with exact limits ----------------------------------------------------------
ANALYSES$response_rate <- function(study, d, a) {
  d <- keep(d, !blank(words(d, a$by)))
  of <- words(d, a$by)
  groups <- levels_of(a$by, of)
  r <- d$reported_response
  say_rate <- function(g, inside) {
    n <- sum(inside)
    o <- "best_response"
    say(o, g, "", "", "n", n)
    if (n && all(blank(r[inside]))) {
      for (rate in names(RATES)) withheld(o, g, rate, "", "percent")
      return(invisible())
    }
    for (x in responses) if (x %in% r) {
      say(o, g, "", x, "n", sum(r[inside] == x, na.rm = TRUE))
      say(o, g, "", x, "percent", if (n) 100 * sum(r[inside] == x, na.rm = TRUE) / n else NA)
    }
    if (n) for (rate in names(RATES)) {
      l <- clopper(sum(r[inside] %in% RATES[[rate]]), n)
      say(o, g, rate, "", "percent", l[1], l[2], l[3])
    }
  }
  say_rate("all", rep(TRUE, nrow(d)))
  for (g in groups) say_rate(beside_all(a, g), of == g)
  if (length(groups) >= 2) for (rate in names(RATES)) {
    yes <- vapply(groups, function(g) sum(r[of == g] %in% RATES[[rate]]), 0)
    sizes <- vapply(groups, function(g) sum(of == g), 0)
    unknown <- any(vapply(groups, function(g) any(of == g) && all(blank(r[of == g])), TRUE))
    test <- if (is_small(sizes) || unknown) c(NA, NA) else test_levels(rbind(yes, sizes - yes))
    if (identical(test, "unknown")) next
    say("best_response", versus(beside_all(a, groups)), rate, "", "p_value", test[2])
    if (!is.na(test[1])) say("best_response", versus(beside_all(a, groups)), rate, "", "test_statistic", test[1])
  }
}
RATES <- list(orr = c("CR", "PR"), dcr = c("CR", "PR", "SD", "NON_CR_NON_PD"))

