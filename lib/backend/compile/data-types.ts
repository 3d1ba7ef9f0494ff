/** TensorFlow's numbers for data types (`TF_DataType`). */
export const TYPES = { float32: 1, int32: 3, string: 7, complex64: 8, bool: 10, resource: 20, variant: 21 };
