#ifndef GEMBA_CFOLDERS_H
#define GEMBA_CFOLDERS_H

/// Lets the folders at both paths change places in one step that no crash can split. Returns 0, or
/// the error number; ENOSYS or EINVAL where the system or the file system cannot.
int gemba_exchange_folders(const char *first, const char *second);

/// Whether all who write to a folder do so through this machine's kernel: 1 yes; 0 no, as on a
/// network drive, or it cannot be told.
int gemba_is_local_folder(const char *path);

#endif
