/** Prefixes a command that only root may run. */
export const AS_ROOT =
  process.getuid?.() === 0 ? [] : ['sudo', '--non-interactive', '--preserve-env']

/** Mounts an empty file system in memory. Unmounts it at the end of its scope. */
export async function mountMemory(path: string) {
  const options = `size=8m,mode=0777`
  await Bun.$`${AS_ROOT} mount -t tmpfs -o ${options} none ${path}`
  return {
    remount: async (mode: 'ro' | 'rw') => {
      await Bun.$`${AS_ROOT} mount -o ${`remount,${mode}`} ${path}`
    },
    async [Symbol.asyncDispose]() {
      await Bun.$`${AS_ROOT} umount --lazy ${path}`
    },
  }
}
