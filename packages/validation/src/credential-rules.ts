import type { Span } from '@holdfast/text';
import { decodeBase64, isName, isPlaceholder, looksChosen, looksRandom } from './placeholders.js';
import type { SecretRule } from './secret-rule.js';

/** What secrets are assigned to. */
const assignedKeywords = [
  'password',
  'passwd',
  'passphrase',
  'pwd',
  'secret',
  'token',
  'apikey',
  'api_key',
  'api-key',
  'api.key',
  'private_key',
  'private-key',
  'access_key',
  'access-key',
  'accesskey',
  'credential',
  'auth_key',
  'encryption_key',
  'signing_key',
];

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
    /-----BEGIN (?:[A-Z0-9]{2,10} ){0,2}PRIVATE KEY(?: BLOCK)?-----(?:\\[rn]|\s|#|\/\/|\*|[\w-]{1,30}: [^\r\n]{1,80}){0,12}(?<secret>[A-Za-z0-9+/=]{40,76})/y,
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
  token('netlify-token', 'a Netlify token', ['nfp_'], /nfp_[A-Za-z0-9]{36,60}(?!\w)/y),
  token('supabase-token', 'a Supabase token', ['sbp_'], /sbp_[0-9a-f]{40}(?!\w)/y),
  token('sonar-token', 'a Sonar token', ['squ_', 'sqp_', 'sqa_'], /sq[upa]_[0-9a-f]{40}(?!\w)/y),
  token(
    'mapbox-token',
    'a Mapbox secret token',
    ['sk.eyJ'],
    /sk\.eyJ[\w-]{40,200}\.[\w-]{20,40}(?![\w-])/y,
  ),
  token(
    'dynatrace-token',
    'a Dynatrace token',
    ['dt0c01.', 'dt0s16.'],
    /dt0[cs]\d\d\.[A-Z0-9]{24}\.[A-Z0-9]{64}(?!\w)/y,
  ),
  token('circleci-token', 'a CircleCI token', ['CCIPAT_'], /CCIPAT_[A-Za-z0-9]{22}_[0-9a-f]{40}/y),
  token(
    'bitbucket-token',
    'a Bitbucket app password',
    ['ATBB', 'ATCTT3'],
    /(?<!\w)(?:ATBB[A-Za-z0-9]{32}|ATCTT3[\w=-]{60,300})(?![\w=-])/y,
  ),
  token(
    'fly-token',
    'a Fly.io token',
    ['fm2_', 'fo1_'],
    /(?:fm2_[\w+/=-]{80,1000}|fo1_[\w-]{43})/y,
  ),
  token('buildkite-token', 'a Buildkite token', ['bkua_'], /bkua_[0-9a-f]{40}(?!\w)/y),
  token('xai-key', 'an xAI key', ['xai-'], /xai-[A-Za-z0-9]{70,90}(?!\w)/y),
  token('replicate-token', 'a Replicate token', ['r8_'], /(?<!\w)r8_[A-Za-z0-9]{37}(?!\w)/y),
  token('perplexity-key', 'a Perplexity key', ['pplx-'], /pplx-[A-Za-z0-9]{48,56}(?!\w)/y),
  token('brevo-key', 'a Brevo key', ['xkeysib-'], /xkeysib-[0-9a-f]{64}-[A-Za-z0-9]{16}(?!\w)/y),
  token('prefect-token', 'a Prefect token', ['pnu_'], /pnu_[A-Za-z0-9]{36}(?!\w)/y),
  token('readme-key', 'a ReadMe key', ['rdme_'], /rdme_[a-z0-9]{70}(?!\w)/y),
  token('easypost-key', 'an EasyPost key', ['EZAK'], /(?<!\w)EZAK[A-Za-z0-9]{54}(?!\w)/y),
  token(
    'stripe-webhook-secret',
    'a Stripe webhook secret',
    ['whsec_'],
    /whsec_[A-Za-z0-9+/]{32,64}={0,2}(?!\w)/y,
  ),
  token(
    'firebase-server-key',
    'a Firebase server key',
    [':APA91b'],
    /(?<=AAAA[\w-]{7}):APA91b[\w-]{130,160}(?![\w-])/y,
  ),
  token(
    'slack-app-token',
    'a Slack app token',
    ['xapp-', 'xoxe'],
    /xapp-\d-[A-Z0-9]{8,12}-\d{10,14}-[0-9a-f]{60,70}|xoxe(?:\.xox[bp])?-\d-[\w-]{100,200}/y,
  ),
  token(
    'ansible-vault-password',
    'a vault password in an assignment',
    ['vault_pass'],
    /vault_pass(?:word)?["']?\s{0,5}[:=]\s{0,5}["']?(?<secret>[A-Za-z0-9+/!@#$%^&*_-]{12,80})(?=["'\s]|$)/iy,
  ),
  {
    id: 'url-credentials',
    name: 'a URL with a password',
    keywords: ['://'],
    pattern:
      /(?<=[a-z][a-z0-9+.-]{1,20}):\/\/[^\s:/?#[\]@"'`<>(){}|\\]{0,100}:(?<secret>[^\s/?#@"'`<>]{3,200})@[\w.[\]:-]{1,200}/iy,
    accept: ({ groups }) => !isPlaceholder(secretOf(groups)) && !isWord(secretOf(groups)),
  },
  {
    id: 'connection-string',
    name: 'a connection string with a password',
    keywords: ['password=', 'pwd='],
    pattern: /(?<=[?&;][ \t]{0,3})(?:password|pwd)=(?<secret>[^\s&;"'`<>{}]{4,200})/iy,
    accept: ({ groups }) => !isPlaceholder(secretOf(groups)) && !isWord(secretOf(groups)),
  },
  {
    id: 'docker-auth',
    name: 'the credentials of a container registry',
    keywords: ['"auth"', "'auth'"],
    pattern: /["']auth["']\s{0,5}:\s{0,5}["'](?<secret>[A-Za-z0-9+/=]{8,400})["']/iy,
    accept: ({ groups }) => isUserAndPassword(decodeBase64(secretOf(groups))),
  },
  {
    id: 'command-password',
    name: 'a password on a command line',
    keywords: [' -u', ' --user'],
    pattern:
      /(?<=\b(?:curl|wget|http|https|mysql|mongo|ldapsearch|skopeo|helm)\b[^\r\n]{0,300}) (?:-u|--user)[ =]{0,2}["']?(?<user>[^\s:"'`{}]{1,80}):(?!\/\/)(?<secret>[^\s"'`@]{4,200})/y,
    accept: ({ groups }) => !isPlaceholder(secretOf(groups)) && !isWord(secretOf(groups)),
  },
  {
    id: 'netrc-password',
    name: 'a password of a netrc file',
    keywords: ['machine '],
    pattern:
      /(?<!\w)machine\s{1,5}\S{1,200}\s{1,20}login\s{1,5}\S{1,100}\s{1,20}password\s{1,5}(?<secret>\S{4,200})/iy,
    accept: ({ groups }) => !isPlaceholder(secretOf(groups)) && !isWord(secretOf(groups)),
  },
  {
    id: 'element-secret',
    name: 'a secret in an element',
    keywords: assignedKeywords,
    pattern:
      /(?<=<(?:\w{1,20}:)?[\w.-]{0,40})(?:password|passwd|passphrase|secret|token|api[_.-]?key|private[_-]?key|access[_-]?key|credential)s?(?:[_-]?(?:key|value))?(?:\s[^<>]{0,80})?>\s{0,20}(?<secret>[^\s<>]{6,400})\s{0,20}<\//iy,
    accept: ({ groups }) => looksChosen(secretOf(groups)) || looksRandom(secretOf(groups)),
  },
  {
    id: 'kubernetes-secret',
    name: 'a value of a Kubernetes Secret',
    keywords: ['kind: secret'],
    pattern: /kind: Secret(?=[ \t]*(?:\r?\n|$))/y,
    accept: () => true,
    locate: findSealedValues,
  },
  {
    id: 'assigned-secret',
    name: 'a secret in an assignment',
    keywords: assignedKeywords,
    pattern:
      /(?:password|passwd|passphrase|pwd|secret|token|api[_.-]?key|private[_-]?key|access[_-]?key|credential|auth[_-]?key|encryption[_-]?key|signing[_-]?key)s?(?:[_.-]?(?:key[_-]?base|key|value|token|string|hash|pass(?:word)?))?["']?[ \t]{0,5}(?::=|=>|[:=])[ \t]{0,5}(?:(?<quote>["'`])(?<quoted>[^\s"'`]{8,400})\k<quote>|(?<bare>[^\s"'`<>(){}[\],;#][^\s"'`<>(){}[\],;]{7,400})(?=[\s"'`,;]|$))/iy,
    accept: ({ groups, input, index }) => isAssigned(groups, input, index),
  },
  {
    id: 'assigned-secret',
    name: 'a secret in an assignment',
    keywords: assignedKeywords,
    pattern:
      /(?<=(?<!\w)ENV[ \t]{1,4}\w{0,60}|--?[\w-]{0,40})(?:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key)s?(?:[_-]key)?[ \t]{1,3}["']?(?<bare>[^\s"'`<>(){}[\],;#=-][^\s"'`<>(){}[\],;]{7,400})(?=["'`\s,;]|$)/iy,
    accept: ({ groups }) => looksChosen(secretOf(groups)),
  },
  {
    id: 'basic-authorization',
    name: 'an Authorization header',
    keywords: ['authorization'],
    pattern:
      /authorization["']?\s{0,5}[:=]\s{0,5}["']?(?:basic|bearer|token)\s{1,5}(?<secret>[A-Za-z0-9+/_.=-]{16,500})/iy,
    accept: ({ groups }) => isAuthorization(secretOf(groups)),
  },
];

function secretOf(groups: Record<string, string | undefined> | undefined): string {
  return groups?.['secret'] ?? groups?.['quoted'] ?? groups?.['bare'] ?? '';
}

/** A plain word in lower case, as documents use in the place of a password. */
function isWord(value: string): boolean {
  return /^[a-z]{1,12}$/i.test(value) || /^[\w.]+\(/.test(value) || isName(value);
}

/**
 * Passwords may be chosen, and so a few kinds of characters are enough; what is called a token, a key or a secret is drawn.
 * Without quotes, what may be an expression of code is none.
 */
function isAssigned(
  groups: Record<string, string | undefined> | undefined,
  text: string,
  index: number,
): boolean {
  const value = secretOf(groups);
  if (/[/#]$/.test(text.slice(index - 1, index)) && groups?.['quote'] === undefined) return false;
  if (/public[-_]?key[-_]?$/i.test(text.slice(Math.max(0, index - 12), index))) return false;
  const decoded = value.length % 4 === 0 ? decodeBase64(value) : undefined;
  if (decoded !== undefined && !looksChosen(decoded)) return false;
  const isPassword = /^p(?:ass|wd)/i.test(text.slice(index, index + 4));
  const isBare = groups?.['quote'] === undefined;
  if (isBare && /[|\\^*+?$]|&&|^-|[.:]$/.test(value) && !isPassword) return false;
  if (isBare && /\|\||&&|=>|\$\{/.test(value)) return false;
  return isPassword ? looksChosen(value) : value.length >= 12 && looksRandom(value);
}

function isUserAndPassword(text: string | undefined): boolean {
  const [, password] = /^[^:\s]{1,200}:(\S{4,300})$/.exec(text ?? '') ?? [];
  return password !== undefined && !isPlaceholder(password) && !isWord(password);
}

function isAuthorization(value: string): boolean {
  const decoded = decodeBase64(value);
  return decoded?.includes(':') === true ? isUserAndPassword(decoded) : looksRandom(value);
}

/** How far the manifest of a Secret reaches to either side of its kind. */
const manifestReach = 8000;

/**
 * The values of a Kubernetes Secret that are secrets: `data` holds Base64, before its `kind` or behind it, as far as the
 * document goes. (What stands in `stringData` is found as an assignment.)
 */
function findSealedValues(text: string, kindAt: number): Span[] {
  const from = Math.max(0, kindAt - manifestReach);
  const before = text.slice(from, kindAt);
  const start = Math.max(before.lastIndexOf('\n---'), 0);
  // A document has one kind: what repeats it was looked through at the first.
  if (before.indexOf('kind: Secret', start) >= 0) return [];
  const behind = text.slice(kindAt, kindAt + manifestReach);
  const end = behind.indexOf('\n---');
  const manifest = before.slice(start) + (end < 0 ? behind : behind.slice(0, end));
  const spans: Span[] = [];
  for (const { 0: block, index } of manifest.matchAll(dataBlock)) {
    for (const entry of block.matchAll(dataEntry)) {
      const value = entry[1]!;
      const decoded = decodeBase64(value);
      if (decoded === undefined ? !looksRandom(value) : !holdsSecret(decoded)) continue;
      const at = from + start + index + entry.index + entry[0].indexOf(value);
      spans.push({ start: at, end: at + value.length });
    }
  }
  return spans;
}

/** Of a whole file in a value, what it assigns counts. */
function holdsSecret(decoded: string): boolean {
  const text = decoded.trim();
  if (!/\s/.test(text)) return looksChosen(text);
  const assigned =
    /(?:password|passwd|secret|token|key)["']?\s{0,3}[:=]\s{0,3}["']?([^\s"']{6,200})/gi;
  return [...text.matchAll(assigned)].some(([, value]) => looksChosen(value!));
}

const dataBlock =
  /^([ \t]{0,8})data:[ \t]*\r?\n(?:\1[ \t]{1,8}[\w.-]{1,100}:[^\n]{0,4000}\n?){1,60}/gm;
const dataEntry =
  /^[ \t]{1,16}[\w.-]{1,100}:[ \t]{1,5}["']?([A-Za-z0-9+/]{8,3000}={0,2})["']?[ \t]*\r?$/gm;

function token(id: string, name: string, keywords: readonly string[], pattern: RegExp): SecretRule {
  const accept = (match: RegExpExecArray) => !isPlaceholder(match.groups?.['secret'] ?? match[0]);
  return { id, name, keywords, pattern, accept };
}
