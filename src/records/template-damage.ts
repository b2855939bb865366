/** Is told of every stored template whose checksum does not match; such a template is never used. */
export type DamageReport = (imageId: number, modelId: string) => void
