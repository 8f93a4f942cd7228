# ---- other definitions: labels, agreement, and survival between the patterns by each -----------------------------
ANALYSES$reclassification <- function(study, d, a) {
  f <- study$definitions
  f <- f[f$patient_id %in% d$patient_id, , drop = FALSE]
  for (column in grep("^pattern:", names(f), value = TRUE)) {
    d$pattern_here <- f[[column]][match(d$patient_id, f$patient_id)]
    attr(d, "kinds")$pattern_here <- "text"
    r <- rows_of(d, "pattern_here", "pps")
    if (!nrow(r)) next
    groups <- LEVELS$pattern
    say_ratio <- function(...) say("pps", sub("^[^:]*:", "", column), "", versus(groups), "hazard_ratio", ...)
    r$first <- as.numeric(r$group == groups[1])
    fit <- if (!sparse_in(r, groups, a$minimum_events) && !is.na(log_rank(r)[2]))
      cox_of(r, r$first)
    if (is.null(fit)) { say_ratio(NA); next }
    x <- ratio(coef(fit), sqrt(fit$var[1]))
    say_ratio(x[1], x[2], x[3])
    z <- proportional(fit)
    if (!is.na(z) && z < 0.05) change_under_definition(r, groups, sub("^[^:]*:", "", column), a)
  }
  for (outcome in c("pattern", "resistance")) {
    columns <- grep(paste0("^", outcome, ":"), names(f), value = TRUE)
    presets <- sub("^[^:]*:", "", columns)
    for (i in seq_along(columns)) {
      x <- f[[columns[i]]]; x <- x[!blank(x)]
      say(outcome, presets[i], "", "", "n", length(x))
      for (l in unique(x)) {
        say(outcome, presets[i], "", l, "n", sum(x == l))
        say(outcome, presets[i], "", l, "percent", 100 * mean(x == l))
      }
    }
    for (i in seq_along(columns)) for (j in seq_along(columns)) if (i < j) {
      both <- f[!blank(f[[columns[i]]]) & !blank(f[[columns[j]]]), ]
      if (!nrow(both)) next
      x <- both[[columns[i]]]; y <- both[[columns[j]]]
      pair <- versus(presets[c(i, j)])
      agree <- function(x, y, variable) {
        l <- unique(c(x, y))
        k <- if (is_small(length(x))) rep(NA, 4) else kappa_of(table(factor(x, l), factor(y, l)))
        say(outcome, pair, variable, "", "percent_agree", 100 * k[1])
        say(outcome, pair, variable, "", "kappa", k[2], k[3], k[4])
      }
      for (s in unique(x)) for (t in unique(y)) if (any(x == s & y == t)) say(outcome, pair, "", paste(s, "->", t), "n", sum(x == s & y == t))
      agree(x, y, "")
      if (outcome == "resistance") agree(x == "acquired", y == "acquired", "acquired_or_not")
    }
  }
}
