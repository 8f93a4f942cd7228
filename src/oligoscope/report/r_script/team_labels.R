# ---- labels that the team gave beside those of the rules -------------------------------------------------------------
OF_THE_STUDY$team_labels <- function(study) for (label in c("pattern", "resistance")) {
  rule <- paste0(label, "_by_rule")
  if (!(rule %in% names(study$patients))) next
  ASKED <<- c("team_labels", "screened")
  say(label, "", "", "", "n", sum(!blank(study$patients[[label]])))
  x <- study$patients[[label]]; y <- study$patients[[rule]]
  both <- !blank(x) & !blank(y)
  x <- x[both]; y <- y[both]
  if (!length(x)) { withheld(label, "", "", "", "n_alike"); next }
  l <- LEVELS[[label]][LEVELS[[label]] %in% c(x, y)]
  counts <- table(factor(x, l), factor(y, l))
  say(label, "", "", "", "n_alike", sum(diag(counts)))
  k <- kappa_of(counts)
  say(label, "", "", "", "percent_agree", 100 * k[1])
  say(label, "", "", "", "kappa", k[2], k[3], k[4])
  for (a in l) for (b in l) say(label, "", a, b, "n", counts[a, b])
}
