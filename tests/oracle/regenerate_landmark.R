# Writes R's answers about survival from a landmark after progression: tests/oracle/landmark_after_progression.json.
#
#   Rscript tests/oracle/regenerate_landmark.R
#
# Packages: survival. 90 patients of `veteran`, a few of whom end on a day of a landmark; the treatment is the pattern.

suppressPackageStartupMessages(library(survival))
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
packages <- "survival"
source(file.path(here, "write_json.R"))

MONTH <- 30.4375
d <- veteran[c(1:45, 70:114), ]
d$g <- ifelse(d$trt == 1, "oligoprogression", "systemic")
d$time[c(3, 50)] <- 28; d$status[50] <- 0
d$time[c(7, 60)] <- 60; d$status[7] <- 0
d$late <- d$diagtime            # months to progression
d$entry <- ifelse(seq_len(nrow(d)) %% 3 == 0, pmin(seq_len(nrow(d)), d$time - 1), 0)

answer <- function(lm, entered) {
  x <- d
  x$first <- as.numeric(x$g == "oligoprogression")
  before <- x$time <= lm
  out <- list(landmark = lm, entered = entered)
  for (g in unique(x$g)) out[[g]] <- list(
    died_before = sum(before & x$g == g & x$status == 1), censored_before = sum(before & x$g == g & x$status == 0))
  x$start <- pmax(x$entry - lm, 0) / MONTH
  seen <- if (entered) suppressWarnings(Surv(x$start, (x$time - lm) / MONTH, x$status, type = "counting")) else Surv((x$time - lm) / MONTH, x$status)
  x$seen <- seen; x$here <- x$time > lm
  fit <- survfit(seen ~ g, x, subset = here, conf.type = "log-log")
  m <- summary(fit)$table
  for (g in unique(x$g)) {
    row <- m[paste0("g=", g), ]
    out[[g]] <- c(out[[g]], list(n = sum(x$here & x$g == g), events = row[["events"]], median = many(row[c("median", "0.95LCL", "0.95UCL")])))
  }
  ratio <- function(formula) { s <- summary(coxph(formula, x, subset = here, control = coxph.control(eps = 1e-11, iter.max = 50)))
    list(ratio = many(s$conf.int[1, c(1, 3, 4)]), p = s$coefficients[1, 5]) }
  out$crude <- ratio(seen ~ first)
  out$adjusted <- ratio(seen ~ first + log(late) + age)
  test <- if (entered) coxph(seen ~ first, x, subset = here, ties = "exact")$score
          else survdiff(seen ~ g, x, subset = here)$chisq
  out$chi_squared <- test
  out
}
cases <- list()
for (lm in c(0, 28, 60)) for (entered in c(FALSE, TRUE)) cases[[paste0("day_", lm, if (entered) "_entered_late" else "")]] <- answer(lm, entered)
cases$patients <- list(pps_days = many(d$time), pps_event = many(d$status), pps_entry_days = many(d$entry), pattern = many(d$g),
                       months_to_progression = many(d$late), age_years = many(d$age))
write_topic("landmark_after_progression", cases)
