#ifndef GEMBA_CFOLDERS_H
#define GEMBA_CFOLDERS_H

/// Lets the folders at both paths change places in one step that no crash can split. Returns 0, or
/// the error number; ENOSYS or EINVAL where the system or the file system cannot.
int gemba_exchange_folders(const char *first, const char *second);

#endif
