"""Who was studied: patients screened, treated, progressed, and why the others left."""
