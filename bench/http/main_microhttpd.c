// SPDX-License-Identifier: MPL-2.0
// http_microhttpd: the file server that libmicrohttpd's own examples show, with the fastest of its modes
// (one epoll thread, sendfile): the big file opened for each request, the small one in memory.
#include <fcntl.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct files {
  const char* folder;
};

static enum MHD_Result answer(void* context, struct MHD_Connection* connection, const char* url,
                              const char* method, const char* version, const char* upload,
                              size_t* upload_size, void** state) {
  const struct files* files = context;
  char path[4096];
  struct stat about;
  (void)version, (void)upload, (void)upload_size;
  if (!*state) {  // the first call is for the head alone
    *state = (void*)files;
    return MHD_YES;
  }
  if (strcmp(method, "GET") != 0 || strstr(url, "..")) return MHD_NO;
  snprintf(path, sizeof path, "%s%s", files->folder, url);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  struct MHD_Response* response;
  unsigned status = MHD_HTTP_OK;
  if (file < 0 || fstat(file, &about) != 0) {
    if (file >= 0) close(file);
    status = MHD_HTTP_NOT_FOUND;
    response = MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
  } else {
    response = MHD_create_response_from_fd64((uint64_t)about.st_size, file);
  }
  enum MHD_Result queued = MHD_queue_response(connection, status, response);
  MHD_destroy_response(response);
  return queued;
}

int main(int argc, char** argv) {
  if (argc != 3) {
    fprintf(stderr, "http_microhttpd PORT FOLDER\n");
    return 2;
  }
  struct files files = {argv[2]};
  struct MHD_Daemon* daemon =
      MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TURBO, (uint16_t)atoi(argv[1]), NULL, NULL,
                       answer, &files, MHD_OPTION_CONNECTION_LIMIT, 4096u, MHD_OPTION_END);
  if (!daemon) {
    fprintf(stderr, "http_microhttpd: cannot listen\n");
    return 1;
  }
  pause();
  return 0;
}
