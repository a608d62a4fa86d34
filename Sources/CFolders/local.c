#include "CFolders.h"

#if defined(__linux__)
#include <sys/vfs.h>

int gemba_is_local_folder(const char *path) {
  /* man 2 statfs: NFS, SMB, CIFS, SMB2, FUSE, 9P, AFS, Ceph, GFS2, OCFS2. */
  static const unsigned int remote[] = {
      0x6969, 0x517B, 0xFF534D42, 0xFE534D42, 0x65735546,
      0x01021997, 0x5346414F, 0x00C36400, 0x01161970, 0x7461636F,
  };
  struct statfs facts;
  if (statfs(path, &facts) != 0) return 0;
  for (unsigned int place = 0; place < sizeof remote / sizeof remote[0]; place++) {
    if ((unsigned int)facts.f_type == remote[place]) return 0;
  }
  return 1;
}
#else
int gemba_is_local_folder(const char *path) {
  (void)path;
  return 0;
}
#endif
