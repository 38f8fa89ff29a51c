/** One kind of thing that must not be delivered. */
export interface SecretRule {
  /** The part of the finding's rule id after `secret/`. */
  id: string;
  /** What it is called in a message, with its article. */
  name: string;
  /** Where one of these stands, in any case, the pattern is tried. */
  keywords: readonly string[];
  /** Sticky; tried where a keyword begins. Its quantifiers are bounded, so that a try takes bounded time. */
  pattern: RegExp;
  /** Says whether a match is real, or stands for one as in an example. */
  accept: (match: RegExpExecArray) => boolean;
}

/**
 * Credentials that secretlint's preset does not know or knows only in part. Each pattern begins at its keyword; the
 * group `secret`, or else the whole match, is what must look random.
 */
export const credentialRules: readonly SecretRule[] = [
  token(
    'aws-access-key-id',
    'an AWS access key id',
    ['AKIA', 'ASIA', 'ABIA', 'ACCA'],
    /(?<![A-Za-z0-9])(?:A[BKS]IA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])/y,
  ),
  token(
    'aws-account-id',
    'an AWS account id',
    ['aws_account', 'awsaccount', 'aws-account'],
    /aws[_-]?account(?:[_-]?id)?["']?\s{0,5}(?::|=>?)\s{0,5}["']?\d{4}-?\d{4}-?\d{4}(?!\d)/iy,
  ),
  token(
    'npm-registry-token',
    'the token of a package registry',
    [':_authToken', ':_password'],
    /:_(?:authToken|password)\s{0,3}=\s{0,3}"?(?<secret>[\w+/=.-]{16,500})/iy,
  ),
  token('google-api-key', 'a Google API key', ['AIza'], /AIza[\w-]{35}(?![\w-])/y),
  token(
    'google-oauth-secret',
    'a Google OAuth client secret',
    ['GOCSPX-'],
    /GOCSPX-[\w-]{28}(?![\w-])/y,
  ),
  token(
    'azure-storage-key',
    'an Azure storage account key',
    ['AccountKey='],
    /AccountKey=(?<secret>[A-Za-z0-9+/]{86}==)/iy,
  ),
  token(
    'azure-client-secret',
    'an Azure client secret',
    ['8Q~'],
    /(?<=(?<![\w~.-])[\w~.-]{3})8Q~[\w~.-]{31,34}(?![\w~.-])/iy,
  ),
  token(
    'azure-shared-access-key',
    'an Azure shared access key',
    ['SharedAccessKey='],
    /SharedAccessKey=(?<secret>[A-Za-z0-9+/]{43}=)/iy,
  ),
  token(
    'azure-sas-signature',
    'the signature of an Azure shared access URL',
    ['&sig=', '?sig='],
    /[?&]sig=(?<secret>[A-Za-z0-9%]{43,80}%3D)/iy,
  ),
  token('twilio-api-key', 'a Twilio API key', ['SK'], /(?<![\w-])SK[0-9a-f]{32}(?![\w-])/y),
  token('mailgun-api-key', 'a Mailgun API key', ['key-'], /(?<![\w-])key-[0-9a-f]{32}(?![\w-])/y),
  token(
    'mailchimp-api-key',
    'a Mailchimp API key',
    ['-us'],
    /(?<=(?<![\w-])[0-9a-f]{32})-us\d{1,2}(?!\w)/y,
  ),
  token(
    'digitalocean-token',
    'a DigitalOcean token',
    ['dop_v1_', 'doo_v1_', 'dor_v1_'],
    /do[opr]_v1_[0-9a-f]{64}(?!\w)/y,
  ),
  token('heroku-api-key', 'a Heroku API key', ['HRKU-'], /HRKU-[\w-]{36,64}(?![\w-])/y),
  token('pypi-token', 'a PyPI token', ['pypi-AgE'], /pypi-AgE[\w-]{50,500}/y),
  token('rubygems-key', 'a RubyGems API key', ['rubygems_'], /rubygems_[0-9a-f]{48}(?!\w)/y),
  token('crates-io-token', 'a crates.io token', ['cio'], /(?<!\w)cio[A-Za-z0-9]{32}(?!\w)/y),
  token(
    'telegram-bot-token',
    'a Telegram bot token',
    [':AA'],
    /(?<=(?<!\d)\d{8,10}):AA[\w-]{33}(?![\w-])/y,
  ),
  token(
    'discord-webhook',
    'a Discord webhook',
    ['/api/webhooks/'],
    /\/api\/webhooks\/\d{17,20}\/(?<secret>[\w-]{60,80})/y,
  ),
  token(
    'discord-bot-token',
    'a Discord bot token',
    ['discord'],
    /discord[\w .-]{0,30}["']?\s{0,5}[:=]\s{0,5}["']?(?<secret>[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,38})(?![\w-])/iy,
  ),
  token(
    'teams-webhook',
    'a Microsoft Teams webhook',
    ['.webhook.office.com/'],
    /\.webhook\.office\.com\/webhookb2\/[0-9a-f-]{36}@[0-9a-f-]{36}\/IncomingWebhook\/(?<secret>[0-9a-f]{32})/iy,
  ),
  token('atlassian-token', 'an Atlassian API token', ['ATATT3x'], /ATATT3x[\w=.-]{60,300}/y),
  token('new-relic-key', 'a New Relic key', ['NRAK-', 'NRII-'], /NR(?:AK|II)-[\w-]{27,40}/y),
  token(
    'datadog-key',
    'a Datadog key',
    ['datadog', 'dd_api_key', 'dd_app_key'],
    /(?:datadog|dd)[\w .-]{0,20}key["']?\s{0,5}[:=]\s{0,5}["']?(?<secret>[0-9a-f]{32,40})(?!\w)/iy,
  ),
  token(
    'planetscale-token',
    'a PlanetScale token',
    ['pscale_tkn_', 'pscale_pw_'],
    /pscale_(?:tkn|pw)_[\w.-]{32,64}/y,
  ),
  token(
    'sentry-token',
    'a Sentry token',
    ['sntrys_', 'sntryu_'],
    /sntry(?:s_[\w+/=-]{60,300}|u_[0-9a-f]{64})/y,
  ),
  token(
    'square-token',
    'a Square token',
    ['sq0atp-', 'sq0csp-'],
    /sq0(?:atp-[\w-]{22}|csp-[\w-]{43})(?![\w-])/y,
  ),
  token(
    'terraform-token',
    'a Terraform Cloud token',
    ['.atlasv1.'],
    /(?<=[A-Za-z0-9]{14})\.atlasv1\.[\w=-]{60,70}/y,
  ),
  token('pulumi-token', 'a Pulumi token', ['pul-'], /(?<![\w-])pul-[0-9a-f]{40}(?!\w)/y),
  token(
    'doppler-token',
    'a Doppler token',
    ['dp.pt.', 'dp.st.', 'dp.sa.'],
    /dp\.(?:pt|st|sa)\.(?:[\w-]{2,35}\.)?[A-Za-z0-9]{40,44}(?!\w)/y,
  ),
  token('postman-key', 'a Postman API key', ['PMAK-'], /PMAK-[0-9a-f]{24}-[0-9a-f]{34}(?!\w)/y),
  token(
    'age-key',
    'an age secret key',
    ['AGE-SECRET-KEY-1'],
    /AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}/y,
  ),
  token(
    'alibaba-key',
    'an Alibaba Cloud access key id',
    ['LTAI'],
    /(?<!\w)LTAI[A-Za-z0-9]{20}(?!\w)/y,
  ),
  token(
    'dropbox-token',
    'a Dropbox token',
    ['sl.'],
    /(?<![\w.])sl\.(?:u\.)?[\w-]{130,1500}(?![\w-])/y,
  ),
  token(
    'facebook-token',
    'a Facebook access token',
    ['EAA'],
    /(?<!\w)EAA[A-Za-z0-9]{90,400}(?!\w)/y,
  ),
  token('artifactory-key', 'an Artifactory API key', ['AKCp'], /(?<!\w)AKCp[A-Za-z0-9]{69}(?!\w)/y),
  token(
    'airtable-token',
    'an Airtable token',
    ['pat'],
    /(?<!\w)pat[A-Za-z0-9]{14}\.[0-9a-f]{64}(?!\w)/y,
  ),
  token(
    'aws-secret-access-key',
    'an AWS secret access key',
    ['secret_access_key', 'secretaccesskey', 'secret-access-key'],
    /secret[_-]?access[_-]?key["']?\s{0,5}(?::|=>?)\s{0,5}["']?(?<secret>[A-Za-z0-9+/]{40})(?![A-Za-z0-9+/=])/iy,
  ),
  token(
    'private-key',
    'a private key',
    ['-----BEGIN'],
    /-----BEGIN (?:[A-Z0-9]{2,10} ){0,2}PRIVATE KEY(?: BLOCK)?-----(?:\\[rn]|\s|[\w-]{1,30}: [^\r\n]{1,80}){0,12}(?<secret>[A-Za-z0-9+/=]{40,76})/y,
  ),
  token(
    'putty-key',
    'a PuTTY private key',
    ['PuTTY-User-Key-File-'],
    /PuTTY-User-Key-File-[23]: [\w-]{3,30}/y,
  ),
  token(
    'json-web-token',
    'a JSON Web Token',
    ['eyJ'],
    /(?<![\w.-])eyJ[\w-]{15,500}\.eyJ[\w-]{15,4000}\.(?<secret>[\w-]{20,700})/y,
  ),
  {
    id: 'url-credentials',
    name: 'a URL with a password',
    keywords: ['://'],
    pattern:
      /(?<=[a-z][a-z0-9+.-]{1,20}):\/\/[^\s:/?#[\]@"'`<>(){}|\\]{0,100}:(?<secret>[^\s/?#@"'`<>]{3,200})@[\w.[\]:-]{1,200}/iy,
    accept: ({ groups }) => !isPlaceholder(groups?.['secret'] ?? ''),
  },
  {
    id: 'assigned-secret',
    name: 'a secret in an assignment',
    keywords: [
      'password',
      'passwd',
      'secret',
      'token',
      'apikey',
      'api_key',
      'api-key',
      'private_key',
      'access_key',
      'accesskey',
      'credential',
    ],
    pattern:
      /(?:password|passwd|secret|token|api[_-]?key|private_key|access_?key|credential)s?["']?\s{0,5}(?::|=>?)\s{0,5}["'](?<secret>[^\s"'`]{16,200})["']/iy,
    accept: ({ groups }) => looksRandom(groups?.['secret'] ?? ''),
  },
  {
    id: 'basic-authorization',
    name: 'an Authorization header',
    keywords: ['authorization'],
    pattern:
      /authorization["']?\s{0,5}[:=]\s{0,5}["']?(?:basic|bearer|token)\s{1,5}(?<secret>[A-Za-z0-9+/_.=-]{16,500})/iy,
    accept: ({ groups }) => looksRandom(groups?.['secret'] ?? ''),
  },
];

/** Places that mean something only on the author's machine or in the author's network. */
export const privatePathRules: readonly SecretRule[] = [
  {
    id: 'home-directory',
    name: 'a path in a home directory',
    keywords: ['/home/', '/Users/', '\\Users\\'],
    pattern:
      /(?<![\w.~}\])-])(?:[A-Za-z]:)?(?:\/home\/|\/Users\/|\\{1,2}Users\\{1,2})(?<name>[A-Za-z0-9._-]{1,64})(?=[/\\])/y,
    accept: ({ groups }) => !exampleUsers.has((groups?.['name'] ?? '').toLowerCase()),
  },
  {
    id: 'home-directory',
    name: 'a path in a home directory',
    keywords: [':\\Users\\', ':/Users/'],
    pattern:
      /(?<=(?<!\w)[A-Za-z]):(?:\\{1,2}|\/)Users(?:\\{1,2}|\/)(?<name>[A-Za-z0-9._-]{1,64})(?=[/\\])/iy,
    accept: ({ groups }) => !exampleUsers.has((groups?.['name'] ?? '').toLowerCase()),
  },
  {
    id: 'file-url',
    name: 'a file URL',
    keywords: ['file://'],
    pattern: /(?<!\w)file:\/\/(?:localhost)?\/[\w.~%-]{1,100}\/[\w./~%-]{1,300}/iy,
    accept: ([match]) => !/\/(?:path|example|tmp)\//i.test(match),
  },
  {
    id: 'internal-host',
    name: 'an internal host',
    keywords: ['://'],
    pattern:
      /:\/\/(?:[^\s/@"'`<>]{1,100}@)?(?<host>(?:10\.\d{1,3}|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d{1,3}\.\d{1,3}|(?:[a-z0-9-]{1,63}\.){1,8}(?:internal|intranet|corp|lan|local|localdomain|private))(?![\w.-])/iy,
    accept: ({ groups }) =>
      !/^(?:host\.docker\.internal|metadata\.google\.internal|.*\.cluster\.local|(?:.*\.)?example\.\w+)$/i.test(
        groups?.['host'] ?? '',
      ),
  },
];

/** Marks by which authors say that a text stays inside. */
export const internalMarkerRules: readonly SecretRule[] = [
  {
    id: 'internal-marker',
    name: 'a comment that marks the text as internal',
    keywords: ['<!--'],
    pattern:
      /<!--\s{0,10}(?:begin[ :_-])?(?:internal|confidential|private|do[ -]not[ -](?:publish|distribute|sync))(?:[ _-]only)?(?![\w-])[^>]{0,200}-->/iy,
    accept: () => true,
  },
  {
    id: 'internal-marker',
    name: 'a banner that marks the text as internal',
    keywords: [
      'INTERNAL USE ONLY',
      'INTERNAL ONLY',
      'INTERNAL-ONLY',
      'COMPANY CONFIDENTIAL',
      'STRICTLY CONFIDENTIAL',
      'DO NOT DISTRIBUTE',
      'NOT FOR EXTERNAL',
      'NOT FOR PUBLIC',
    ],
    pattern:
      /(?:INTERNAL(?: USE ONLY|[ -]ONLY)|(?:COMPANY|STRICTLY) CONFIDENTIAL|DO NOT DISTRIBUTE|NOT FOR (?:EXTERNAL|PUBLIC) (?:USE|RELEASE|DISTRIBUTION))(?!\w)/y,
    accept: () => true,
  },
  {
    id: 'internal-marker',
    name: 'front matter that marks the file as internal',
    keywords: ['visibility:', 'audience:', 'classification:', 'distribution:'],
    pattern:
      /(?<=^---\r?\n(?:[^\r\n]{0,200}\r?\n){0,40})(?:visibility|audience|classification|distribution):[ \t]{0,5}["']?(?:internal|internal[ -]only|private|confidential|restricted)["']?[ \t]{0,20}(?=[\r\n])/iy,
    accept: () => true,
  },
];

function token(id: string, name: string, keywords: readonly string[], pattern: RegExp): SecretRule {
  const accept = (match: RegExpExecArray) => !isPlaceholder(match.groups?.['secret'] ?? match[0]);
  return { id, name, keywords, pattern, accept };
}

/** Names that stand for "your name here" and the accounts of images and runners. */
const exampleUsers = new Set(
  'user users username user-name user_name you your-name yourname name me example foo bar alice bob john jane runner node vscode ubuntu app admin root coder codespace gitpod jovyan linuxbrew public shared default dev developer someone somebody username'.split(
    ' ',
  ),
);

const placeholderWords =
  /example|placeholder|1234567|abcdefg|change[-_]?me|your[-_]|redacted|dummy|sample|fake|x{4,}|\*{3,}|\.{3}|…|<|\$\{|\{\{|%\(|\$\(|^\$|^%\w+%$/i;
const placeholderPasswords =
  /^(?:p(?:ass)?w(?:or)?d|pass|password|passwd|secret|user|username|token|root|admin|postgres|mysql|mongo|redis|guest|test|foo|bar|123456?|api[-_]?key|[a-z_]*(?:password|secret|token))\d{0,3}$/i;
const variableName = /^[A-Z][A-Z_]{2,}\d{0,3}$/;

/** Whether a value is one that documents use in the place of a secret. */
export function isPlaceholder(value: string): boolean {
  return (
    placeholderWords.test(value) ||
    placeholderPasswords.test(value) ||
    variableName.test(value) ||
    new Set(value).size <= Math.min(4, value.length / 4)
  );
}

/** Whether a value looks drawn at random: letters and digits mixed, and many different ones. */
function looksRandom(value: string): boolean {
  if (isPlaceholder(value)) return false;
  const digits = value.replace(/\D/g, '').length;
  const letters = value.replace(/[^a-z]/gi, '').length;
  return (
    digits >= 3 &&
    letters >= 3 &&
    !/^[\w.-]+\([^)]*\)|^\W|[/\\][\w.-]+[/\\]/.test(value) &&
    entropyOf(value) >= 3.5
  );
}

/** Shannon's entropy in bits a character. */
function entropyOf(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  let entropy = 0;
  for (const count of counts.values()) {
    const share = count / value.length;
    entropy -= share * Math.log2(share);
  }
  return entropy;
}
