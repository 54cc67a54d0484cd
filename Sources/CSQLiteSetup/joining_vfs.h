/* joining_vfs.h - registers the file system layer of joining_vfs.c. */
#ifndef JOINING_VFS_H
#define JOINING_VFS_H

/* Once, after sqlite3_config and before a connection asks for SKEIN_JOINING_VFS. */
void joining_vfs_register(void);

#endif
