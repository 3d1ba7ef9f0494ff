/**
 * The two-sided quantile z of the standard normal distribution, P(|Z| ≤ z) = p: `scipy.stats.norm.ppf((1 + p) / 2)`.
 *
 * @param probability The probability p in (0, 1).
 * @returns The quantile by Wichura's algorithm AS 241 (1988), routine PPND16, with as many correct digits as 1 − p has.
 */
export function normalQuantile(probability: number): number {
  const q = probability / 2;
  if (q <= 0.425) return q * ratio(CENTER, 0.180625 - q * q);
  const r = Math.sqrt(-Math.log((1 - probability) / 2));
  return r <= 5 ? ratio(MIDDLE, r - 1.6) : ratio(TAIL, r - 5);
}

/**
 * The two-sided quantile t of Student's t distribution, P(|T| ≤ t) = p: `scipy.stats.t.ppf((1 + p) / 2, degrees)`.
 *
 * @param probability The probability p in (0, 1).
 * @param degrees The degrees of freedom, an integer ≥ 1.
 * @returns The quantile to about 13 digits for p ≤ 0.999, and beyond to as many digits as 1 − p has: by bisection of
 *   the finite series of the distribution (Abramowitz and Stegun 1964, 26.7.3 and 26.7.4), and from 1000 degrees of
 *   freedom on by the expansion about the normal quantile (26.7.5).
 */
export function studentQuantile(probability: number, degrees: number): number {
  if (degrees >= 1000) return expandedQuantile(normalQuantile(probability), degrees);
  let [low, high] = [0, Math.PI / 2];
  for (let middle = high / 2; low < middle && middle < high; middle = (low + high) / 2) {
    if (studentProbability(middle, degrees) < probability) low = middle;
    else high = middle;
  }
  return Math.sqrt(degrees) * Math.tan(high);
}

/** The probability P(|T| ≤ √degrees · tan(angle)) of Student's t distribution. */
function studentProbability(angle: number, degrees: number): number {
  const [sin, square] = [Math.sin(angle), Math.cos(angle) ** 2];
  const isOdd = degrees % 2 === 1;
  let term = isOdd ? Math.cos(angle) : 1;
  let sum = 0;
  for (let k = isOdd ? 3 : 2; k <= degrees; k += 2) {
    sum += term;
    term *= (square * (k - 1)) / k;
  }
  return isOdd ? (2 / Math.PI) * (angle + sin * sum) : sin * sum;
}

function expandedQuantile(z: number, degrees: number): number {
  const s = z * z;
  const terms = [
    (z * (s + 1)) / 4,
    (z * (3 + s * (16 + s * 5))) / 96,
    (z * (-15 + s * (17 + s * (19 + s * 3)))) / 384,
    (z * (-945 + s * (-1920 + s * (1482 + s * (776 + s * 79))))) / 92160,
  ];
  return z + terms.reduceRight((sum, term) => (sum + term) / degrees, 0);
}

type Polynomials = readonly [numerator: number[], denominator: number[]];

function ratio([numerator, denominator]: Polynomials, x: number): number {
  const at = (coefficients: number[]) => coefficients.reduceRight((sum, factor) => sum * x + factor, 0);
  return at(numerator) / at(denominator);
}

const CENTER: Polynomials = [
  [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
    67265.7709270087, 33430.57558358813, 2509.0809287301227,
  ],
  [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
    28729.085735721943, 5226.495278852854,
  ],
];
const MIDDLE: Polynomials = [
  [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
    0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
  ],
  [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
    0.0005475938084995345, 1.0507500716444169e-9,
  ],
];
const TAIL: Polynomials = [
  [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
    0.0012426609473880784, 0.000027115555687434876, 2.0103343992922881e-7,
  ],
  [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
    0.000018463183175100548, 1.421511758316446e-7, 2.0442631033899397e-15,
  ],
];
