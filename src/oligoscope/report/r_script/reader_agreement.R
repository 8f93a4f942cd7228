# ---- readers: each with the responses they gave, and every two with each other, visit by visit -----------------------
OF_THE_STUDY$reader_agreement <- function(study) if (!is.null(study$readers)) {
  ASKED <<- c("reader_agreement", "screened")
  r <- study$readers
  reader <- ifelse(blank(r$reader), "", r$reader)
  for (one in unique(reader)) {
    x <- r[reader == one & !blank(r$given_response) & !blank(r$overall_response), ]
    if (nrow(x)) agreement_of_visits(one, x$given_response, x$overall_response)
  }
  r <- r[!blank(r$overall_response), ]
  names <- unique(ifelse(blank(r$reader), "", r$reader))
  for (i in seq_along(names)) for (j in seq_along(names)) if (i < j) {
    a <- r[r$reader %in% names[i], ]; b <- r[r$reader %in% names[j], ]
    both <- merge(a[c("patient_id", "assessed_day", "overall_response")], b[c("patient_id", "assessed_day", "overall_response")],
                  by = c("patient_id", "assessed_day"))
    if (nrow(both)) agreement_of_visits(versus(names[c(i, j)]), both$overall_response.x, both$overall_response.y)
  }
}
agreement_of_visits <- function(group, x, y) {
  o <- "overall_response"
  l <- responses[responses %in% c(x, y)]
  counts <- table(factor(x, l), factor(y, l))
  say(o, group, "", "", "n_visits", length(x))
  say(o, group, "", "", "n_agree", sum(diag(counts)))
  k <- kappa_of(counts)
  say(o, group, "", "", "percent_agree", 100 * k[1])
  say(o, group, "", "", "kappa", k[2], k[3], k[4])
  for (a in l) for (b in l) say(o, group, a, b, "n", counts[a, b])
}
