# ---- timing: when progression came, month by month and by window -------------------------------------------------
ANALYSES$timing <- function(study, d, a) {
  if (!nrow(d)) return(withheld(a$by, "", "", "", "n"))
  r <- data.frame(group = words(d, a$by), months = d$progressed_day / MONTH)
  r <- r[complete.cases(r), ]
  groups <- levels_of(a$by, r$group)
  named <- setNames(beside_all(a, groups), groups)
  say(a$by, "all", "", "", "n", nrow(r))
  for (g in groups) say(a$by, named[[g]], "", "", "n", sum(r$group == g))
  edges <- list(month = c(seq(0, 12, if (nrow(r) >= 200) 1 else 2), 18, 24, Inf), window = c(0, 8, 10, Inf))
  for (v in names(edges)) {
    e <- edges[[v]]
    names <- ifelse(is.finite(e[-1]), paste0(e[-length(e)], "-", e[-1]), paste0(">", e[-length(e)]))
    class <- cut(r$months, e, names, include.lowest = TRUE)
    for (l in names) {
      n <- sum(class == l)
      say(a$by, "all", v, l, "n", n)
      for (g in groups) {
        k <- sum(class == l & r$group == g)
        say(a$by, named[[g]], v, l, "n", k)
        if (n) { x <- clopper(k, n); say(a$by, named[[g]], v, l, "percent", x[1], x[2], x[3]) }
      }
    }
    if (length(groups) < 2) next
    pair <- versus(groups)
    table <- table(class, factor(r$group, groups))
    if (is_small(colSums(table))) { withheld(a$by, pair, v, "", "p_value"); next }
    if (v == "month") {
      total <- rowSums(table); here <- total > 0
      if (length(groups) != 2 || sum(here) < 2) { withheld(a$by, pair, v, "", "p_value"); next }
      x <- prop.trend.test(table[here, 1], total[here], which(here))
      test <- c(x$statistic, x$p.value)
    } else test <- test_levels(unclass(table), chosen_test(a$by, pair, v))
    if (identical(test, "unknown")) next
    say(a$by, pair, v, "", "p_value", test[2])
    if (!is.na(test[1])) say(a$by, pair, v, "", "test_statistic", test[1])
  }
}
