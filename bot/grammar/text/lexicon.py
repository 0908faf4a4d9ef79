"""Words that decide whether a figure or a date beside them is a slot or part of the note."""

from bot.grammar.text.wordlists import words

#: After these a date belongs to something else: the score, the refill, the appointment.
NOT_SERVICE_DATE_AFTER = words(
    """
    bday leaves leaving trip town from since until till til by before after back due dated next upcoming through
    thru to of starting start starts started begins begin begun effective exp expires expired born dob birthday as
    than for appt appts appointment appointments f/u fu f-u followup follow-up up scheduled schedule sched resched
    reschedule rescheduled moved moving return returns returning rtc again see seeing sees vacation surgery
    between refill refilled refills or vs versus within beginning ending ends end starts cancelled canceled cxl
    booked book intake planned pending confirmed postponed bumped every each prior callback cb tcb c/b around about
    resume resumes resumed resuming will began
    """
)
#: A few words before a date, these make it a plan.
PLAN_WORDS = words(
    """
    see sees seeing will planned should need needs wants want asked agreed going gonna schedule scheduled
    scheduling sched reschedule rescheduled book booked remind reminded pending expects expected anticipate
    anticipated please pls appt appts appointment appointments f/u fu followup follow-up again next upcoming due
    confirm confirmed confirms set return returns rtc let's can could would may might offered cancel cancelled
    canceled available can't cannot couldn't
    """
)
#: Anywhere before a date in its clause, these say that it is the date of a beginning or of a plan.
BEGINNINGS = words(
    """
    start starts started starting begin begins began begun beginning resume resumes resumed resuming will won't c/b
    cb tcb
    """
)
#: A few words before a date, these make it as likely the date of what is told as the date of the telling.
EVENT_WORDS = words(
    """
    d/c d/c'd dc'd dced consent consented enrolled referred assessed surgery hospital stay relapse started began
    begun admitted discharged hospitalized hospitalised ed er icu inpatient missed no-show noshow fell died quit
    increased decreased changed stopped ended moved was were had has been since relapsed overdosed overdose drawn
    resulted collected prescribed filled delivered born married divorced fired arrested seen saw lost broke
    visited attempted drank used cut self-harmed received sent mailed labs lab result results score scored scores
    phq gad a1c
    """
)
#: Between instrument and figure: `PHQ-9 14`, `GAD-7 10/21`, `pain 7/10`.
INSTRUMENTS = words(
    """
    phq phq-9 phq9 phq-2 phq2 phq-8 phq8 phq-a gad gad-7 gad7 gad-2 gad2 audit audit-c dast dast-10 c-ssrs cssrs
    columbia pcl pcl-5 pcl5 mdq moca mmse epds edinburgh bdi bdi-ii ymrs asrs isi who-5 who5 psc psc-17 cage tapp
    prapare gaf sofas gcs score scored scores scoring scale item question q9 q bp a1c hba1c bmi
    """
)
#: Rated from 1 to 10, and topics of a talk as well.
RATED = words(
    """
    pain mood anxiety depression sleep energy stress distress severity motivation confidence craving cravings
    rated rates rating level levels functioning appetite worry irritability hopelessness suicidality weight wt
    pulse hr temp is was are at now currently still about
    """
)
#: Behind a figure these go on with the sentence, and rate nothing: `11/10 about rides`.
GOES_ON = words("is was are at now currently still about")
#: A bare number after one of these is no minutes and no patient.
NOT_MINUTES_AFTER = (
    INSTRUMENTS
    | RATED
    | words(
        """
    room rm unit apt suite ste ext extension x bed floor ward week wk wks day month year yr grade age aged step
    stage phase level module lesson page chapter part no number num # dose doses mg mcg at to of than x from by is
    was = >= <= < > only every q per increased decreased dosage qty count bus route highway hwy interstate street
    st ave box po zip goal goals option problem order case ticket claim icd icd-10 dx code cpt line item channel
    size
    """
    )
)
#: `session 12` is the twelfth, `session 45` took that long.
HIGHEST_ORDINAL = 13
#: A small number after one of these counts: `visit 3`, `attempt 2`.
NUMBERED = words(
    """
    visit visits session sessions call calls attempt attempts try tries contact appt outreach
    """
)
#: Behind one of these, `#3` is a count, a form or a door, and no patient.
NUMBERED_BY_HASH = words(
    """
    attempt attempts try tries lvm vm voicemail rx script refill auth authorization pa claim room rm unit apt suite
    ste ext goal goals step module lesson ticket ref reference order invoice dose item question problem option day
    week fax form page chapter tracking locker bed floor bus route policy check chk store location group track
    """
)
#: A duration after one of these is never the time spent.
NOT_TIME_SPENT_AFTER = words(
    """
    in every q per each after next past last within walks walked ran runs jogs exercises exercised sleeps
    slept naps napped avg average meditates works drives fasted awake bikes swims volunteers
    """
)
#: The same, unless the figure is as short as `20m`: they are topics of a talk as well.
HABITS = words(
    """
    walk walking run running jogging exercise exercising sleep sleeping nap napping meditate meditation working
    shift shifts commute commutes commuting drive driving fasting biking swimming stretching gym yoga tv gaming
    jog jogging hike hiking workout cardio
    """
)
#: A duration before one of these is never the time spent.
NOT_TIME_SPENT_BEFORE = words(
    """
    ago late early earlier later before prior away daily nightly weekly shift shifts urine fast notice commute
    drive walk walks nap naps old overdue behind
    """
)
#: `a day`, `per night`, `at night` after a duration make it a habit.
HABIT_UNITS = words("day night week month morning evening nightly daily")
#: A duration after one of these may be the time spent, unless another figure is given.
SECOND_CHOICE_AFTER = words(
    """
    waited waiting wait hold delayed delay behind arrived left stayed late panic attack attacks episode episodes
    sat paced cried crying ruminating worrying dissociated
    """
)
#: What is told of, and no further piece of the work.
TOLD_OF_AFTER = SECOND_CHOICE_AFTER - {"extra", "additional"}
#: A range of clock times after one of these says when somebody can be reached or sleeps.
NOT_WORKED_AFTER = (
    NOT_TIME_SPENT_AFTER
    | HABITS
    | words(
        """
    available avail free open hours window reachable availability shift bed bedtime asleep sleep school daycare
    clinic best time appt appointment scheduled between b/w btw working job class dialysis group c/b cb callback
    """
    )
)
#: Count nouns: `1/2 tablet`, `5/7 days`, `3 missed doses`, `2 options`.
COUNTED = words(
    """
    yo y/o yrs-old year-old yr-old male female tablet tablets tab tabs pill pills dose doses day days week weeks
    wk wks month months year years yr yrs hour hours time times sessions visits goal goals module modules step
    steps item items option options attempt attempts calls messages voicemails refill refills med meds medication
    medications of way pack packs cup cups cigarettes drinks beers kids children siblings friends ppd mg mcg ml
    lbs lb pounds kg % percent questions topics issues problems concerns barriers episodes panic nights appts
    appointments referrals pages patients pts contacts texts letters faxes people family no-shows missed am pm
    more other new different separate
    """
)
#: Nouns to which a date just before them belongs: `friday appt`, `10/21 labs`.
DATED_NOUNS = words(
    """
    appt appts appointment appointments labs lab phq-9 phq9 gad-7 gad7 phq gad visit session group class surgery
    refill note notes results result score scores intake meeting consult discharge admission reschedule
    """
)
#: Before a date, `on` is no sure sign when one of these words follows the weekday's short name.
VERB_LIKE_DAYS = frozenset({"sat", "sun", "wed", "may", "mar", "march"})
#: Words in front of `for @ana` that make it her message, not her time.
NOT_PERFORMED_AFTER = words(
    """
    message messages msg voicemail vm note notes referral question questions task tasks reminder covering cover
    covered covers filling behalf waiting asked looking order request page paged left appt appointment meeting
    plan works working
    """
)
#: Words after which a bare number at the end of a line is plainly the minutes.
ACTIVITY_NOUNS = words(
    """
    phone call visit session telephone check-in checkin outreach telehealth video zoom coordination review chart
    follow-up followup f/u counseling planning assessment consult consultation collaboration contact meeting
    conference screening intake education psychoeducation voicemail vm vmail answer records labs notes text email
    portal message referral discussion
    """
)
#: Ordinary words that lie a letter or two from a command's name.
NOT_MISTYPED = words(
    """
    long leg low lot lots lab labs lag blog dog fog lug login load look loss love lo so let led lay later stats
    state stated states stays stay started starts start statin stable static held hello hell heap heal heel healed
    hep hey heard head yelp helped helps helping kelp he her hi today's toddler to unto unable undone reviewed
    reviews reviewing assessed admitted discharged assigned consented enrolled under until legal logic loud lost
    lone loan longer call calm jog hog loc lob lop loo weak weeks weekly wee were who way year years hear heard
    dear need needs nearly neat months monthly mouth voided avoid avoids avoided voice edits edited exit spit
    fax mix six moved mode more movie moves removed deleted changed changes charge chance range cancelled canceled
    cancels confirmed confirms fixed fixes fit fir who what corrected collect never
    attempt attempts total spilt splits closed closer closes lose reports reported reporting reopened repeat repeats
    """
)
#: Things that people plan: `friday appt` is more often ahead than gone by.
MEETINGS = words(
    """
    appt appts appointment appointments visit session group class surgery intake meeting consult
    """
)
#: Close before a date these say that it is the date of service.
LATE_ENTRY = words(
    """
    entry backdate backdated back-dated backdating
    """
)
#: Before a length of time these count it: `two 30 minute calls`.
COUNTS = words(
    """
    one two three four five six seven eight nine ten several few both couple multiple twice
    """
)
#: What patients do: `30 min walk`, `6h sleep`, unless it is the topic, as in `sleep hygiene`.
PATIENT_DOES = words(
    """
    sleep slept sleeping nap naps napping walk walks walking run running jog jogging exercise exercises exercising
    workout workouts cardio yoga gym meditation meditating meditate mindfulness biking bike cycling swim swimming
    hike hiking stretching journaling tv gaming commute drive driving screen-time fasting rest
    """
)
#: Between a length and such a noun: `30 min brisk walk`, `6h of sleep`.
PATIENT_DOES_LIKE = words(
    """
    of daily brisk outdoor moderate light evening morning guided deep aerobic mindful nature dog treadmill total broken
    interrupted restless solid straight body
    """
)
#: Words behind such a noun that leave it the patient's: `30 min walk daily`.
PATIENT_DOES_STILL = words(
    """
    daily nightly every each a per and for before after at in this to on goal assigned x last tonight app practice
    homework hw as was or but time
    """
)
#: Before a length of time these make it what the patient was told to do.
ASSIGNED = words(
    """
    assigned assign assigning homework hw goal goals recommended encouraged suggested prescribed practice
    """
)
#: What is work whoever does it: `10m chart review`, `5 min of charting`.
WORK = ACTIVITY_NOUNS | words(
    """
    charting charted documenting documented document documentation calling prep prepping care mgmt management
    case paperwork emailing emailed faxing fax reviewing reviewed coordinating coordinated calls visits chart w/
    psychoed travel scheduling
    """
)
#: A length of time before or behind one of these tells of something within the work or the patient's day.
WITHIN_WORK = (
    words(
        """
    hold waiting wait waited late panic rule timer break breaks breathing relaxation grounding practice video
    videos app homework hw goal drive commute walk sleep exercise meditation shift attack attacks episode next ed er
    icu hospital inpatient by spends asleep falls improved decreased reduced
    """
    )
    | PATIENT_DOES
)
#: `another 10m chart review`: more work beside what was said.
MORE_WORK = words("another additional extra plus also then further")
#: Drugs that are typed every day; others are known by their endings.
DRUGS = words(
    """
    zoloft prozac lexapro celexa paxil wellbutrin effexor cymbalta remeron buspar vistaril ativan xanax klonopin
    seroquel abilify risperdal zyprexa latuda lithium lamictal lamotrigine depakote gabapentin neurontin prazosin
    clonidine guanfacine adderall vyvanse ritalin concerta strattera naltrexone suboxone methadone vraylar caplyta
    rexulti pristiq trintellix viibryd luvox melatonin ambien lunesta metformin insulin synthroid ssri snri
    hydroxyzine bupropion citalopram escitalopram
    """
)
#: A dose, a vital sign or an attempt: their figures are no minutes.
FIGURED = words(
    """
    mg mcg ml dose doses dosage dosing titrate titrated tablet tablets tab tabs pill pills bp hr pulse temp weight
    wt bmi spo2 o2 glucose vitals resp rr attempt attempts score scored scores scale rated rating lbs kg
    """
)
#: What is read where `review` is no case review: `review of chart`, `review labs`.
READINGS = words(
    """
    of chart charts the lab labs notes note records record meds med medication medications goals goal plan plans
    care safety treatment tx history hx results result phq phq-9 phq9 gad gad-7 gad7 scores score homework visit
    referral referrals hospital ed er pcp discharge d/c summary screening sleep diary log logs intake email
    emails message messages portal progress symptoms coping skills and
    """
)
