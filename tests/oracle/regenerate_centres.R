# Recomputes, apart from the program, the comparison of the study in entered_late.csv within centres, and robust to them.
#
#   Rscript tests/oracle/regenerate_centres.R
#
# Patient i was treated at centre (7 i) mod 11, that of every tenth is not known: these are one centre. Patients partly entered
# late. Base R and the survival package only.

suppressPackageStartupMessages(library(survival))
options(warn = 1)
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
packages <- "survival"
source(file.path(here, "write_json.R"))
MONTH <- 30.4375

d <- read.csv(file.path(here, "entered_late.csv"), na.strings = "")
date <- function(name) as.Date(d[[name]])
start <- date("treatment_started_on")
died <- !is.na(d$died_on)
i <- seq_len(nrow(d)) - 1
r <- data.frame(group = ifelse(is.na(d$progressed_on), NA, ifelse(d$n_progressing_lesions <= 5, "oligoprogression", "systemic")),
                days = as.numeric(ifelse(died, date("died_on"), date("last_known_alive_on")) - as.numeric(start)), event = died,
                entry = pmax(0, as.numeric(date("entered_on") - start), na.rm = TRUE),
                centre = ifelse(i %% 10 == 9, "", paste0("C", (7 * i) %% 11)))
r <- r[complete.cases(r), ]
r <- r[r$entry == 0 | r$entry < r$days, ]
r$from <- ifelse(r$entry == 0, -1, r$entry / MONTH); r$months <- r$days / MONTH
r$first <- as.numeric(r$group == "oligoprogression")
k <- length(unique(r$centre))
within <- coxph(Surv(from, months, event) ~ first + strata(centre), r)
alike <- coxph(Surv(from, months, event) ~ first, r, cluster = centre)
score <- coxph(Surv(from, months, event) ~ first, r, cluster = centre, ties = "breslow")$rscore
se <- sqrt(alike$var[1])
write_topic("centres", list(
  strata = list(hazard_ratio = many(c(exp(coef(within)), exp(confint(within)))), p_value = summary(within)$coefficients[, "Pr(>|z|)"],
                log_rank = pchisq(within$score, 1, lower.tail = FALSE), proportional = cox.zph(within, transform = "km")$table["first", "p"]),
  cluster = list(hazard_ratio = many(exp(coef(alike) + c(0, -1, 1) * qt(0.975, k - 1) * se)), p_value = unname(2 * pt(-abs(coef(alike) / se), k - 1)),
                 log_rank = pf(drop(score) * (k - 1) / (k - drop(score)), 1, k - 1, lower.tail = FALSE),
                 proportional = cox.zph(coxph(Surv(from, months, event) ~ first, r), transform = "km")$table["first", "p"])))
