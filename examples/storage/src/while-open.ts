// Whatever is opened here is closed here: descriptors of clients that have gone would add up.

/** Works with something, and closes it however that ends. */
export async function whileOpen<R extends { close(): Promise<void> }, T>(
  resource: R,
  work: (resource: R) => Promise<T>,
): Promise<T> {
  try {
    return await work(resource);
  } finally {
    await resource.close();
  }
}
