# ---- delayed entry: how many came under observation late, and how many of each outcome were never at risk -----------
OF_THE_STUDY$delayed_entry <- function(study) {
  if (!("os_entry_days" %in% names(study$patients))) return(invisible())
  asked <- unique(unlist(lapply(study$settings$analyses, function(a) a$outcomes)))
  for (whom in c("treated", "progressed")) {
    d <- population(study, whom)
    ASKED <<- c("delayed_entry", whom)
    if ("entry_days" %in% names(d)) {
      late <- as.numeric(d$entry_days); late <- late[!blank(late) & late > 0]
      say("", "", "", "", "n_entered_late", length(late))
      if (length(late)) say("", "", "entry_days", "", "median", median(late) / MONTH, min(late) / MONTH, max(late) / MONTH)
    }
    for (o in asked) {
      known <- !blank(d[[paste0(o, "_days")]])
      say(o, "", "", "", "n_never_at_risk", sum(known & blank(d[[paste0(o, "_entry_days")]])))
    }
  }
}
