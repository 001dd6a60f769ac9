//! Words that play a part in a rule: titles, relations, cues, units.

use super::{Draft, class::Class};

/// Adds every word with a part to play.
pub(super) fn add(draft: &mut Draft) {
    for (class, words) in WORDS {
        draft.add_words(words, *class);
    }
    for (class, phrases) in PHRASES {
        for phrase in phrases.split(',') {
            draft.add(phrase.trim(), *class);
        }
    }
}

const WORDS: &[(Class, &str)] = &[
    (
        Class::TITLE,
        "dr drs doctor mr mrs ms miss mx prof professor sir madam rev reverend fr pastor rabbi imam sgt lt capt col sen judge nurse hon bro cpl pvt maj cmdr lcdr sra sr. srta senor senora dra herr frau monsieur madame mme",
    ),
    (
        Class::CREDENTIAL,
        "md m.d do d.o rn np pa pa-c lpn lvn aprn crnp fnp dnp phd ph.d psyd pharmd rph dds dmd dpm od dc pt dpt ot otr lcsw lmsw msw lmft lpc bsn msn cna cma cnm crna facp facs facc mph mbbs mbchb frcp rd rdn slp rt rrt emt esq dvm",
    ),
    (Class::SUFFIX, "jr sr ii iii iv"),
    (
        Class::PARTICLE,
        "de la del van der den von da dos das di du le el al bin ibn abu ben bint ter ten op af av zu y e st san santa las los della mac ap",
    ),
    (
        Class::RELATION,
        "wife husband spouse partner mother father mom dad mum mommy daddy parent parents son sons daughter daughters child children kid kids brother brothers sister sisters sibling aunt uncle cousin niece nephew grandmother grandfather grandma grandpa granddaughter grandson grandchild stepmother stepfather stepson stepdaughter fiance fiancee girlfriend boyfriend roommate neighbor neighbour friend caregiver caretaker guardian twin mother-in-law fiancé godmother godfather landlord boss colleague coworker ex-husband ex-wife widow widower babysitter granddad grandad granddaddy grandpop gran granny grannie nana nanna gramps papaw mamaw meemaw memaw mawmaw pawpaw abuela abuelo oma opa yiayia pappou auntie aunty mam hubby stepdad stepmom stepbrother stepsister brother-in-law sister-in-law father-in-law son-in-law daughter-in-law great-grandmother great-grandfather great-aunt great-uncle godson goddaughter ex-partner housemate flatmate",
    ),
    (
        Class::PERSON,
        "patient pt pts resident client nurse physician doctor surgeon therapist provider clinician pharmacist dentist midwife cardiologist oncologist neurologist psychiatrist psychologist radiologist pathologist dermatologist urologist nephrologist pulmonologist gastroenterologist endocrinologist rheumatologist hematologist anesthesiologist ophthalmologist orthopedist podiatrist counselor coordinator manager supervisor interpreter paramedic officer teacher principal attorney lawyer pastor priest gentleman lady woman man boy girl baby infant hospitalist intensivist internist pcp",
    ),
    (
        Class::NAME_LABEL,
        "ob crna hha name patient attending physician provider surgeon pcp informant author subscriber policyholder guarantor insured contact proxy surname lastname firstname witness assistant anesthesiologist radiologist pathologist interpreter cardiologist recipient sender from to re client employee member nok referring consultant dictator transcriptionist resident nurse alias aka hcp requester ordering beneficiary user username holder cardholder scribe technologist tech prescriber caregiver owner tenant customer buyer seller applicant claimant plaintiff defendant operator speaker host moderator member patientname ptname fullname givenname familyname membername clientname providername physicianname doctorname username pt attendee attendees participants present signature signee requestor reporter complainant driver passenger spouse nextofkin doctor nurse",
    ),
    (
        Class::GREETING,
        "dear hi hello hey attn attention sincerely regards thanks cheers respectfully",
    ),
    (
        Class::SIGNER,
        "signed dictated transcribed authenticated cosigned verified authored reviewed prepared electronically cc performed interpreted completed documented entered written approved administered supervised recorded edited attested assisted sincerely regards yours",
    ),
    (
        Class::CONTACT,
        "with by per saw called phoned contacted paged notified told asked informed met named via emailed texted consulted visited thanked introduced accompanied accompanying married married; divorced called: notify contacting calling spoke",
    ),
    (
        Class::PERSON_VERB,
        "reports reported denies denied states stated says said presents presented complains complained describes described admits admitted notes noted endorses endorsed was is has had will went came lives lived works worked called calls stopped started takes took feels felt wants wanted agrees agreed declined declines refuses refused requests requested asked asks tolerated underwent returns returned returns arrived arrives appears appeared did does underwent continues continued remains remained would can could may should needs needed told tells got gets gave gives made makes received suffers suffered died passed moved sees saw seen visited accompanied brought drove drives who who's whose and, understands understood verbalized expressed believes thinks thought plans recalls recalled drinks smokes smoked quit uses used scored performed signed verified dictated recommends recommended evaluated examined ordered prescribed discussed explained advised confirmed",
    ),
    (
        Class::STOP,
        "the a an and or but nor so if then than that this these those there here it its he she his her him hers they them their we us our you your i me my mine who whom which what when where why how is are was were be been being am do does did doing have has had having will would shall should can could may might must not no yes of in on at to from by with without for about against between into through during before after above below up down out off over under again further once because as until while all any both each few more most other some such only own same too very just also however therefore although though since per via upon within among across along around behind beside besides beyond despite except inside like near onto outside past plus regarding throughout toward towards underneath unlike versus vs please thank today tomorrow yesterday now never always often sometimes usually currently recently previously initially otherwise overall otherwise another every either neither many much several new old first second third last next one two three four five six seven eight nine ten let's ok okay oh well good bad yes none normal negative positive",
    ),
    (
        Class::HEAD,
        "disease diseases syndrome syndromes sign signs test tests catheter catheters score scores scale scales palsy lymphoma lymphomas sarcoma tumor tumors tumour cyst cysts fracture fractures contracture contractures phenomenon thyroiditis ulcer ulcers esophagus diverticulum hernia hernias nodes nodules node nodule body bodies criteria index classification grade stage maneuver manoeuvre position procedure operation repair incision approach point line lines angle triangle space pouch duct ducts gland glands ligament tubes tube valve stent drain drains wire wires nail plate plates screw brace collar splint cast boot dressing bandage retractor clamp forceps blade suture sutures knot agar stain smear reaction reflex reflexes gait respiration respirations breathing breath chorea dementia encephalopathy ataxia dystrophy dysfunction anemia disorder deformity neuroma neuralgia paralysis migraine aphasia psychosis hematoma carcinoma melanoma nephropathy purpura granulomatosis vasculitis arteritis arthritis arthropathy spondylitis osteomyelitis angina gangrene abscess spots spot rings ring rash murmur pulse sounds sound wave waves interval phenomena law effect formula equation method technique protocol regimen trial study guidelines guideline ratio number constant curve diagram view views projection ultrasound probe monitor study's flow flows shunt graft anastomosis bypass pump contractions exercises exercise lift diet virus bacillus agglutinin antigen antibody factor protein cells cell layer membrane canal foramen fossa tract nucleus ganglion nerve artery vein muscle bone joint cartilage fascia capsule loop tubule islets patch patches plaque plaques crypt crypts inventory questionnaire examination exam assessment screening screen scale's tool classification-based lesion lesions atrophy neuropathy tremor crisis coma malformation anomaly tetralogy tetrad triad pentad ganglions hammer fibers fibres tendon band needle cannula mask bag hugger lavage tap mesh flap excision amputation osteotomy arthroplasty resection gastrectomy esophagectomy colectomy fundoplication pyloromyotomy orchiopexy bands nevus itch pruritus sickness fever thyrotoxicosis ophthalmopathy orbitopathy dermopathy goiter catheterization's laparotomy counts staging tarda complex association sequence knee elbow foot hand toe palsies lobe pneumonitis polyp pupil pupils plexus hemorrhoidectomy cirrhosis prolapse ganglia gyrus node-negative phenotype subtype variant pathway reagent stool diet's pose exercises scissors rongeur elevator dissector speculum tenaculum trocar dilator bougie curette tray table frame bed chair walker orthosis brace's boot's fixation approximation rule sleeve stocking stockings wrap level levels risk categories category oil tea pollen berry",
    ),
    (
        Class::MONTH,
        "january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec",
    ),
    (
        Class::WEEKDAY,
        "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed weds thu thur thurs fri sat sun",
    ),
    (
        Class::HOLIDAY,
        "christmas thanksgiving easter halloween hanukkah chanukah ramadan diwali passover juneteenth xmas losar eid nowruz purim sukkot shavuot kwanzaa whitsun pentecost michaelmas hogmanay navratri songkran midsummer epiphany lent advent candlemas shrovetide juhannus ascensiontide carnival holi onam pongal vesak obon chuseok seollal tet navidad nochebuena",
    ),
    (
        Class::STREET,
        "street st avenue ave av boulevard blvd road rd drive dr lane ln court ct circle cir place pl parkway pkwy highway hwy terrace ter trail trl way square sq loop plaza plz alley aly crescent cres path pike turnpike route rte row run crossing xing expressway freeway broadway cove cv close grove glen hollow ridge bend mews walk gardens heights landing manor meadow meadows mill mills park pass point shore shores spring springs station summit tunnel union valley view village ville vista causeway commons corner estates extension falls ferry field fields flats ford forest fork fort harbor haven island isle junction key knoll lake landing lodge mall motorway mount mountain neck oval overpass parkways pine plain plains port prairie radial ranch rapids rest spur stream underpass viaduct wells",
    ),
    (
        Class::DIRECTION,
        "north south east west northeast northwest southeast southwest n s e w ne nw se sw",
    ),
    (
        Class::FACILITY,
        "hospital hospitals clinic clinics center centre infirmary hospice sanatorium university college institute school academy elementary church temple mosque synagogue pharmacy rehab rehabilitation hospitals infirmary healthcare health memorial manor home homes living prison jail shelter hotel laboratory laboratories labs",
    ),
    (
        Class::CARE,
        "dialysis practice general presbyterian methodist baptist lutheran hospice eye imaging nursing radiology surgicenter surgery pavilion infirmary sanatorium orthopedics orthopaedics pediatrics cardiology oncology neurology dermatology urology physicians family medicine associates medical dental village terrace care hospitalists cancer heart women's children's diagnostics senior eldercare homecare campus residence residences lodge endoscopy wellness podiatry psychiatry gastroenterology nephrology hematology rheumatology obgyn gynecology specialists regional counseling ems peds allergy dermatology optometry vision audiology midwifery orthodontics veterinary",
    ),
    (
        Class::DENOMINATION,
        "presbyterian methodist lutheran baptist adventist episcopal providence mercy deaconess",
    ),
    (
        Class::COMPANY,
        "inc llc ltd llp corp corporation co company companies industries enterprises associates partners group holdings bank foods motors airlines gmbh ag sa plc solutions technologies systems services consulting logistics brothers bros department police office factory plant store supermarket restaurant cafe insurance construction electric bakery steel manufacturing trucking sons plumbing roofing landscaping automotive pharmaceuticals software realty contractors builders electronics textiles publishing shipping freight",
    ),
    (
        Class::GENERIC,
        "emergency urgent care outpatient inpatient medical surgical primary general local community regional county state city public private this that our the same another outside pain wound sleep diabetes heart cancer stroke trauma breast surgery dialysis infusion imaging women's womens children's childrens pediatric day family birth birthing spine bone joint eye vein foot hand weight loss memory mental behavioral addiction recovery rehabilitation rehab nursing skilled assisted long term acute subacute treatment detox psychiatric cardiac vascular cardiology oncology neurology orthopedic orthopaedic dermatology urology gastroenterology pulmonary renal endocrinology rheumatology hematology infectious disease radiation physical occupational speech therapy travel home health high middle elementary junior senior medicine nurse attending admission admitted discharge discharged hospital hospitals clinic center anticoagulation coumadin warfarin hypertension asthma allergy headache fertility prenatal ob gyn obgyn ent er icu ed tertiary referring academic veterans affairs va united states free walk-in retail mail order specialty my your his her their at to from in of for follow up followup call with",
    ),
    (
        Class::UNIT,
        "mg mcg g gm gram grams kg lb lbs ml cc l dl mm cm m km in inch inches ft feet foot oz meq mmol mol iu unit units u tab tabs tablet tablets capsule capsules cap caps puff puffs drop drops gtt ppm bpm mmhg hz khz mhz cal kcal percent pack packs ppd times x beats hours hour hrs hr minutes minute min mins seconds second sec days day weeks week wks wk months month mos mo years year yrs yr degrees degree f c french fr gauge ga mev gy cgy k cells copies pounds ounces liters liter litres cups cup doses dose cigarettes drinks beers beats/min million thousand hundred billion wbc rbc mmol/l mg/dl ng pg ug",
    ),
    (
        Class::ROOM,
        "room rm suite ste apt apartment ward bed unit floor flat bay bldg building no",
    ),
    (
        Class::LIVES,
        "lives lived living resides resided residing moved relocated born raised native grew resident originally traveled travelled traveling travelling visiting visited trip vacation vacationing vacationed flew commutes located based homeless hometown returned immigrated emigrated arrived hailing hails stationed transferred transported airlifted",
    ),
    (
        Class::WORKS,
        "works worked working employed employer job retired employment hired manager accountant engineer teacher cashier mechanic supervisor driver clerk foreman welder intern internship position career drives boss shift shifts desk teaches taught coaches preaches cook waitress waiter bartender janitor custodian machinist technician electrician plumber carpenter guard firefighter librarian barista cashiers stocker dispatcher pilot receptionist secretary trucker dishwasher housekeeper retiree",
    ),
    (
        Class::CUE_RECORD,
        "mrn nhi mr# mrno medrec chart mpi emrn urn empi ehr emr mrns ur",
    ),
    (
        Class::CUE_ACCOUNT,
        "account acct acc a/c acct# iban routing card visa mastercard amex debit credit checking savings bank invoice billing har guarantor hospital-account swift bic receipt aba sort ending",
    ),
    (
        Class::CUE_PLAN,
        "policy member subscriber insurance beneficiary medicare medicaid mbi hicn group plan insured coverage payer payor cigna aetna humana bcbs bluecross grp rxgrp rxbin rxpcn pcn bin",
    ),
    (
        Class::CUE_LICENSE,
        "license licence lic dea npi certificate certification cert dl upin passport registration credential licensure",
    ),
    (
        Class::CUE_DEVICE,
        "serial s/n sn udi device lot model implant pacemaker imei mac prosthesis pump generator lead ref catalog",
    ),
    (
        Class::CUE_VEHICLE,
        "vin plate plates tag vehicle car license-plate registration chassis hull truck taxi trailer lorry motorbike motorcycle minivan suv sedan",
    ),
    (Class::CUE_SSN, "ssn ss# ssn# social sin ss itin"),
    (
        Class::CUE_PHONE,
        "phone phones telephone tel cell mobile cellphone pager beeper pgr bleep bleeper spectralink vocera ascom voalte ph call calls called contact reach reached dial callback text texted number whatsapp extension ext hotline home work cell: t p c",
    ),
    (Class::CUE_FAX, "fax faxed facsimile telefax efax"),
    (
        Class::CUE_ID,
        "id ids identifier identification accession case specimen encounter visit csn fin order claim authorization auth preauth reference ref confirmation badge study subject participant barcode tracking ticket requisition req employee student patient record file document doc report request referral session donor sample slide block exam episode prescription rx tax ein transaction registry user username login pin code key token booking event log container cassette kit band wristband bracelet asset locker voucher railcard receipt parcel run coupon membership policy# case# acc# number docket inmate tattoo aadhaar cpf dni nie curp nino unos worker deed waybill invoice upload aliquot aliquots permit warrant dossier placard uhid enrolment enrollment itinerary",
    ),
    (
        Class::CUE_BIOMETRIC,
        "fingerprint fingerprints voiceprint iris retina retinal biometric biometrics facial dna thumbprint palmprint palm handprint faceprint footprint footprints finger face",
    ),
    (
        Class::CODE,
        "icd icd-10 icd10 icd9 icd-9 cpt hcpcs loinc snomed snomed-ct rxnorm rxcui ndc cvx drg nct pmid doi omim umls cui mesh atc unii oid version ver v grade stage",
    ),
    (
        Class::NUMBER_WORD,
        "number numbers no num nbr nr id ids identifier code is was as of for ending in number: #",
    ),
    (
        Class::AGE_WORD,
        "age aged turn turned turning ages turns age:",
    ),
    (
        Class::DATE_CUE,
        "on since until till from by dated date dob born birthdate admitted discharged seen admission discharge visit appointment scheduled before after around about through to starting started start ending end last next surgery procedure due expires effective signed lmp edd dos d/c of between and beginning began performed due: hospitalized died deceased expired injury onset mri ct ekg echo xray labs collected drawn received reported ordered completed injured vaccinated immunized follow-up followup",
    ),
    (
        Class::DEMONYM,
        "american african asian hispanic latino latina caucasian european english spanish french german italian chinese japanese korean vietnamese indian mexican cuban haitian russian polish irish portuguese arabic jewish christian catholic muslim hindu buddhist mormon baptist protestant african-american canadian british australian greek turkish iranian iraqi filipino somali ethiopian nigerian ukrainian brazilian colombian puerto rican dominican swedish norwegian finnish dutch romanian hungarian czech islamic orthodox creole mandarin cantonese hindi urdu farsi tagalog native alaskan hawaiian pacific danish latin america",
    ),
    (
        Class::DEMONYM,
        "danish dutch swedish norwegian finnish greek turkish ukrainian czech slovak hungarian romanian bulgarian serbian croatian bosnian albanian thai filipino filipina somali ethiopian nigerian ghanaian kenyan egyptian moroccan syrian iraqi iranian persian afghan pakistani bangladeshi nepali burmese cambodian laotian hmong indonesian malaysian taiwanese cantonese mandarin brazilian argentinian colombian peruvian chilean venezuelan ecuadorian guatemalan honduran salvadoran nicaraguan dominican jamaican belgian swiss austrian scottish welsh lebanese israeli palestinian sorani kurdish samoan tongan fijian maori javanese sundanese cebuano ilocano toisanese hokkien teochew rohingya karen uyghur tibetan mongolian kazakh uzbek tajik pashto dari punjabi gujarati bengali marathi tamil telugu malayalam kannada sinhala twi akan igbo yoruba hausa amharic tigrinya oromo swahili wolof lingala zulu xhosa shona deutsch francais espanol yiddish hebrew ashkenazi sephardic cajun navajo cherokee ojibwe lakota yupik inuit chamorro marshallese kurmanji palestinian armenian georgian lithuanian latvian estonian maltese cypriot icelandic australian canadian",
    ),
    (
        Class::COMMON,
        "sie ihr ihre ihren wir ich mit freundlichen freundliche grussen grusse gruss bonjour merci cordialement saludos gracias atentamente estimado estimada chere votre vous nous elles usted ustedes nosotros grazie distinti saluti egli herzliche sehr geehrte geehrter",
    ),
    (
        Class::CLINICAL,
        include_str!("../../data/clinical-words.txt"),
    ),
    (
        Class::ROAD,
        "ter tori cesta gata rue avenue allee allées chemin impasse quai cours faubourg ruelle sentier calle avenida avda carrer carrera camino paseo plaza ronda glorieta travesia rua travessa praca largo estrada alameda rodovia via viale corso piazza vicolo piazzale strada lungomare contrada strasse str gasse weg platz damm ufer allee straat laan kade dijk singel gracht steenweg vej gade vaenget vænget stræde straede alle gatan vagen väg vei veien vegen terrasse plass torg torget grand stig stigen katu kuja polku kaari utca utja utcaja ut korut u setany ulica ulice ul ulitsa aleja aleje plac pl osiedle nam namesti trg setaliste bulevar sokak sokagi cadde caddesi mahallesi bulvari jalan jl lorong jln iela gatve prospektas tanav mnt puiestee odos leoforos plateia ulitsa prospekt pereulok shosse str sos bd calea aleea marg nagar colony chowk mohalla sector chome cho machi braut vegur straeti gotu rruga bulevardi thanon duong calle transversal jiron pasaje autopista",
    ),
    (
        Class::LANDMARK,
        "park bridge airport station stadium arena mall beach pond lake river creek mountain playground plaza library museum zoo monument tower towers tunnel ferry terminal cemetery campground reservation rancheria pueblo casino theater theatre auditorium coliseum speedway raceway marina pier wharf reservoir canyon national forest island inn motel hotel resort lodge suites parish cathedral chapel monastery convent abbey synagogue temple tabernacle ministries correctional penitentiary jail prison barracks base garrison arsenal shipyard warehouse distillery brewery winery farm farms ranch orchard dormitory residences apartments condominiums village estates gym fitness ymca ywca preschool daycare montessori kindergarten nation",
    ),
    (Class::CUE_ZIP, "zip zipcode postal postcode postleitzahl"),
    (
        Class::NAME_FIRST,
        "maria peter carol jack heather robin victor ruby martin mike sherry derrick harry rosemary sally jay lee smith miller taylor cooper reed fisher mason newton potter turner parker carter wright marshall chandler nathan holly hazel jimmy bobby billy johnny tommy danny terry jerry kelly randy josh nick tony tom tim jim joe sam ben dan ken ron jeff greg alex chris pat rob bob ted fred larry barry gary roger walter henry oliver louis cox brooks hicks warren foster fuller lynch hale watts wade weaver peters sandy penny judy sue lily jasmine violet iris olive ivy sierra savannah chelsea brandy sherman tucker spencer grant pierce",
    ),
    (
        Class::MEASURE,
        "bp blood pressure strength motor pulses pulse murmur pain scale score apgar apgars gcs ratio power reflexes dtr dtrs visual acuity vision od os ou graded grade rated gravida para systolic diastolic ef rate level levels sat sats saturation pulses: hr rr temp o2 spo2 mmse moca nyha ecog stage type class size grip fraction titer titers station dilated",
    ),
    (
        Class::DOMAIN,
        "com org net edu gov mil io co info biz us uk ca de fr es it nl eu au health care app dev ai me tv example test invalid local internal lan in jp cn br mx ru ch se no dk fi pl pt ie nz za",
    ),
    (
        Class::STATE,
        "alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii idaho illinois indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana nebraska nevada ohio oklahoma oregon pennsylvania tennessee texas utah vermont virginia washington wisconsin wyoming guam",
    ),
    (
        Class::STATE_CODE,
        "al ak az ar ca co ct de fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny nc nd oh ok or pa ri sc sd tn tx ut vt va wa wv wi wy dc pr vi gu",
    ),
];

const PHRASES: &[(Class, &str)] = &[
    (
        Class::CITY,
        "tripler,geisinger,ochsner,montefiore,maimonides,harborview,bronx,brooklyn,queens,manhattan,harlem,rikers,medstar,intermountain,landstuhl,bethesda,fred hutch,sloan-kettering",
    ),
    (
        Class::STATE,
        "new hampshire,new jersey,new mexico,new york,north carolina,north dakota,rhode island,south carolina,south dakota,west virginia,district of columbia,puerto rico,new york state",
    ),
    (
        Class::CITY,
        "ut southwestern,mount sinai,mt sinai,cedars sinai,walter reed,nyu langone,beth israel,mass eye,wake forest,ohio state,penn state,penn medicine,rush university,jackson memorial,grady memorial,parkland memorial,bellevue hospital,san quentin,rikers island,pelican bay,folsom state,sing sing,angola prison,camp pendleton,camp lejeune,fort bragg,fort liberty,fort hood,fort cavazos,fort drum,walter reed,joint base,navajo nation,cherokee nation,choctaw nation,standing rock,pine ridge,wind river,staten island,long island,south side,skid row,salvation army,ronald mcdonald house,md anderson,quest diagnostics,rite aid,planned parenthood,kaiser permanente,johns hopkins,sloan kettering,dana farber,mayo clinic,cleveland clinic,mass general,brigham and women's,new york city,saint louis,st louis,saint paul,st paul",
    ),
    (
        Class::COUNTRY,
        "czech republic,ivory coast,great britain,northern ireland,holland,burma,macedonia,swaziland,cape verde,bosnia and herzegovina,bosnia,usa,uk,england,scotland,wales,uae,united kingdom,united states,united states of america,south korea,north korea,russia,syria,vietnam,laos,taiwan,iran,europe,asia,africa,south america,north america,central america,middle east",
    ),
    (Class::MEDICAL, "new england journal"),
    (
        Class::EPONYM,
        "rocky mountain spotted,rocky mountain fever,duncan placenta,rey auditory,rey complex,rey 15,ortho tri,lake louise,mary joseph,sister mary joseph,marcus gunn,alice in wonderland,virginia apgar,johnson and johnson,johnson & johnson,edwards sapien,st . louis encephalitis,st louis encephalitis,saint louis encephalitis,weber a,weber b,weber c,harrison 's principles,new york heart association,american heart association,lou gehrig,argyll robertson,hamilton rating,hamilton anxiety,hamilton depression,hunt and hess,johns hopkins encapsulated,kansas city cardiomyopathy,tennessee self,west nile,rift valley,st . vitus,st vitus,st john 's wort,st . john 's wort,old world,new world,great lakes,santa clara strip,la crosse,la crosse encephalitis,ross river,four corners virus,austin flint,graham steell,carey coombs,still 's,epstein barr,hong kong flu,san joaquin fever,san joaquin valley fever,three mile island,bier block,may - thurner,hunt - hess,schmitt - thompson,kellgren - lawrence,bland - altman,kaplan - meier,bush - francis,dunning - kruger,rose bengal,allen type,joint commission,express scripts,berlin class,berlin criteria,berlin definition,paris classification,paris ii,milan criteria,duke criteria,tokyo guidelines,boston bowel,los angeles grade,atlanta classification,atlanta criteria,rome iv,rome iii,ann arbor,le fort,papua new guinea,dapa - hf,dapa - ckd,emperor - preserved,emperor - reduced,gustilo anderson,gustilo - anderson,salter - harris,child - pugh,glasgow - blatchford,beers criteria,ags beers,john doe,jane doe,mann - whitney,cochran - mantel,hosmer - lemeshow,hardy - weinberg,cox - regression,fleming boundary,sheiner tozer,sheiner - tozer",
    ),
    (
        Class::MEDICAL,
        "new england journal,ramsay hunt,ivor lewis,marcus gunn,argyll robertson,west nile,mary jane,austin flint,graham steell,jackson pratt,caldwell - luc,milligan - morgan,osgood schlatter,smith petersen,sister mary joseph,lou gehrig,johns hopkins,smith barney,robert packer,emanuel rivers,rivers emanuel,sara stedy,sara lift,hunter thompson,lady windermere,alice in,hunt and hess,mary joseph,john cunningham,guillain barre,epstein barr,wolff parkinson white,charcot marie tooth,dandy walker,arnold chiari,budd chiari,prader willi,stevens johnson,ehlers danlos,von willebrand,von hippel,von recklinghausen,von gierke,legg calve perthes,brown sequard,gilles de la tourette,st jude,tommy john,johnson and johnson,glasgow coma,gram stain,bristol myers,eli lilly,boston scientific,edwards lifesciences,smith and nephew,kaiser permanente,blue cross,jean watson,dorothea orem,mary kay,bier block,john doe,jane doe,baby doe",
    ),
];
