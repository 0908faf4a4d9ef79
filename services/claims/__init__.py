"""From a closed month to claims: what each is made of, what it lacks, and the files that carry it."""
