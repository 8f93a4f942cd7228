# ---- management: how many patients each suggestion has, of management.csv ------------------------------------------
OF_THE_STUDY$management <- function(study) if (!is.null(study$management)) {
  ASKED <<- c("management", "progressed")
  n <- nrow(study$management)
  say("", "", "", "", "n", n)
  for (v in c("tier", "withheld", "note")) {
    cells <- study$management[[c(tier = "tier", withheld = "withheld_because", note = "notes")[[v]]]]
    counts <- table(unlist(strsplit(cells[!blank(cells)], ";", fixed = TRUE)))
    for (l in names(counts)) {
      say("", "", v, l, "n", counts[[l]])
      say("", "", v, l, "percent", 100 * counts[[l]] / n)
    }
  }
}
