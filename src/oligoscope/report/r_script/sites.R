# ---- sites: organs that progressed, and whether they were involved before ---------------------------------------
ANALYSES$sites <- function(study, d, a) {
  if (!nrow(d)) return(withheld(a$by, "", "", "", "n"))
  organs <- function(x) lapply(strsplit(ifelse(blank(x), "", x), ";"), function(o) unique(o[o != ""]))
  d <- keep(d, !blank(words(d, a$by)) & !blank(d$progressing_organs) & d$progressing_organs != "")
  of <- words(d, a$by)
  at <- organs(d$progressing_organs); before <- organs(d$all_baseline_organs)
  holds <- function(lists, organ) vapply(lists, function(o) organ %in% o, TRUE)
  groups <- levels_of(a$by, of)
  for (i in 0:length(groups)) {
    g <- c("all", beside_all(a, groups))[i + 1]
    inside <- if (i) of == groups[i] else rep(TRUE, nrow(d))
    say(a$by, g, "", "", "n", sum(inside))
    if (!any(inside)) next
    share <- function(variable, level, k, n) {
      say(a$by, g, variable, level, "n", k)
      say(a$by, g, variable, level, "percent", if (n) 100 * k / n else NA)
    }
    for (o in unique(unlist(at))) share("organ", o, sum(holds(at, o) & inside), sum(inside))
    for (s in c("same", "new", "both")) share("site_relation", s, sum(d$site_relation[inside] == s, na.rm = TRUE), sum(inside))
    for (o in unique(unlist(before))) {
      there <- holds(before, o) & inside
      share("same_organ", o, sum(there & holds(at, o)), sum(there))
    }
  }
}
