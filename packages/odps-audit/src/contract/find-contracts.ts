import { classifyDocument } from '../classify.js';
import type { DataProduct } from '../data-product.js';
import type { Project } from '../project.js';
import type { SourceFile } from '../read/source-file.js';
import { readDataContract, type DataContract } from './data-contract.js';

/** A file that is, or should be, a data contract of the project. */
export interface ContractFile {
  readonly file: SourceFile;
  readonly contract: DataContract;
  /** Where it stands: beside what implements it, or where contracts used to stand. */
  readonly place: 'output_ports' | 'input_ports' | 'legacy' | 'elsewhere';
  /** The number of the folder `v<N>` that it stands in. */
  readonly folderVersion: string | undefined;
}

export interface ProjectContracts {
  readonly output: readonly ContractFile[];
  readonly input: readonly ContractFile[];
}

const ODCS_NAME = /\.odcs\.ya?ml$/i;

/** Sorts the contracts of a project: its own, and its copies of others'. */
export function findContracts(
  project: Project,
  product: DataProduct | undefined,
): ProjectContracts {
  const inputs = new Set(product?.inputPorts.map(({ contractId }) => contractId));
  const found = [...project.files.values()].flatMap((file) =>
    readContractFile(file, project.modelPaths),
  );
  const isInput = ({ place, contract: { id } }: ContractFile) =>
    place === 'input_ports' || (place === 'legacy' && id !== undefined && inputs.has(id));
  return { output: found.filter((file) => !isInput(file)), input: found.filter(isInput) };
}

/** The contract in a file, by where the file stands: one, or none. */
export function readContractFile(file: SourceFile, modelPaths: readonly string[]): ContractFile[] {
  const { path } = file;
  const modelPath = modelPaths.find((folder) => path.startsWith(`${folder}/`));
  const inside = modelPath === undefined ? path : path.slice(modelPath.length + 1);
  const place = modelPath === undefined ? legacyPlace(file) : placeOf(inside);
  if (place === undefined) return [];
  return [
    {
      file,
      contract: readDataContract(file.documents[0]),
      place,
      folderVersion: /^output_ports\/(?:.*\/)?v(\d+)\//i.exec(inside)?.[1],
    },
  ];
}

function placeOf(inside: string): ContractFile['place'] | undefined {
  if (!ODCS_NAME.test(inside)) return undefined;
  if (inside.startsWith('output_ports/')) return 'output_ports';
  return inside.startsWith('input_ports/') ? 'input_ports' : 'elsewhere';
}

/** `datacontracts/` of older projects, and a `datacontract.yaml` at the root. */
function legacyPlace({ path, documents }: SourceFile): 'legacy' | undefined {
  const isNamed = path.startsWith('datacontracts/') || /^datacontract[^/]*\.ya?ml$/i.test(path);
  if (!isNamed && !(ODCS_NAME.test(path) && !path.includes('/'))) return undefined;
  if (ODCS_NAME.test(path)) return 'legacy';
  const { kind } = classifyDocument(documents[0]);
  return kind === 'odcs' || kind === 'dcs' ? 'legacy' : undefined;
}
