/*
 * What asks and what is asked, at a cost that leaves both cores to what is measured. Each mode prints one line of JSON and
 * stops by itself; addresses are the path of a unix socket, or a port of 127.0.0.1. `load` reads responses
 * that have a length or chunks; `get` and `put` read to the end of the connection.
 *
 *   load ADDRESS FILE CONNECTIONS MS COUNT keep|new  the requests of FILE, in turn, until MS have passed or COUNT are answered
 *   serve ADDRESS BYTES                      to each GET so many bytes from memory; other bodies are read and dropped
 *   get ADDRESS TARGET                       one large answer
 *   put ADDRESS TARGET BYTES                 one large request
 *   run COMMAND...                           a program, to its end: its time and its processor time
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PIECE (256 * 1024)
#define LIMIT_S 600
#define MAX_TIMES 4000000

static char piece[PIECE];

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static double seconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static int is_port(const char *address) { return address[0] >= '0' && address[0] <= '9'; }

static socklen_t resolve(const char *address, struct sockaddr_storage *into) {
  memset(into, 0, sizeof *into);
  if (is_port(address)) {
    struct sockaddr_in *in = (void *)into;
    in->sin_family = AF_INET;
    in->sin_port = htons(atoi(address));
    in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return sizeof *in;
  }
  struct sockaddr_un *un = (void *)into;
  un->sun_family = AF_UNIX;
  strncpy(un->sun_path, address, sizeof un->sun_path - 1);
  return sizeof *un;
}

static int connect_to(const char *address) {
  struct sockaddr_storage place;
  socklen_t size = resolve(address, &place);
  int fd = socket(place.ss_family, SOCK_STREAM, 0);
  if (connect(fd, (void *)&place, size) != 0) fail("connect");
  return fd;
}

static int send_all(int fd, const char *bytes, size_t size) {
  while (size > 0) {
    ssize_t sent = send(fd, bytes, size, MSG_NOSIGNAL);
    if (sent <= 0) return -1;
    bytes += sent;
    size -= sent;
  }
  return 0;
}

static int send_body(int fd, long long left) {
  for (; left > 0; left -= PIECE)
    if (send_all(fd, piece, left < PIECE ? left : PIECE) != 0) return -1;
  return 0;
}

/* -3: has none */
static long long content_length(const char *head) {
  const char *field = strcasestr(head, "\r\ncontent-length:");
  return field == NULL ? -3 : atoll(field + 17);
}

/* load */

typedef struct {
  int fd;
  size_t request;
  double began;
  char head[16384];
  size_t got;
  char tail[7];   /* the last bytes of chunks */
  long long left; /* of the body, or one of the following */
} Client;

enum { CHUNKED = -1, UNKNOWN = -2 }; /* UNKNOWN: the head is still read */

static struct { char *bytes; uint32_t size; } *requests;
static size_t request_count, next_request, answered, wanted;
static double *times;
static int poller, is_new;
static const char *target_address;
static int first_status;

static void read_requests(const char *path) {
  FILE *file = fopen(path, "rb");
  uint32_t size;
  if (file == NULL) fail(path);
  while (fread(&size, 4, 1, file) == 1) {
    requests = realloc(requests, (request_count + 1) * sizeof *requests);
    requests[request_count].bytes = malloc(size);
    requests[request_count].size = size;
    if (fread(requests[request_count++].bytes, 1, size, file) != size) fail(path);
  }
  fclose(file);
}

static void ask(Client *client) {
  client->began = seconds();
  if (client->fd < 0) {
    client->fd = connect_to(target_address);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
    epoll_ctl(poller, EPOLL_CTL_ADD, client->fd, &event);
  }
  client->request = next_request;
  next_request = (next_request + 1) % request_count;
  client->got = 0;
  client->left = UNKNOWN;
  memcpy(client->tail, ".....\r\n", sizeof client->tail); /* as a head ends */
  if (send_all(client->fd, requests[client->request].bytes, requests[client->request].size) != 0) fail("send");
}

static void read_head(Client *client, const char *bytes, size_t size) {
  if (client->got + size >= sizeof client->head) size = sizeof client->head - 1 - client->got;
  memcpy(client->head + client->got, bytes, size);
  client->head[client->got + size] = 0;
}

/* JSON has no such bytes, so that no chunk has to be looked at. */
static int ends_chunks(Client *client, const char *bytes, size_t size) {
  size_t kept = size < sizeof client->tail ? sizeof client->tail - size : 0;
  memmove(client->tail, client->tail + sizeof client->tail - kept, kept);
  memcpy(client->tail + kept, bytes + size - (sizeof client->tail - kept), sizeof client->tail - kept);
  return memcmp(client->tail, "\r\n0\r\n\r\n", sizeof client->tail) == 0;
}

/* Reads the status and the length: of no bytes, of so many, or UNKNOWN. */
static void understand(Client *client) {
  int status = atoi(client->head + 9);
  first_status = first_status == 0 ? status : first_status;
  long long length = status == 204 ? 0 : content_length(client->head);
  client->left = strcasestr(client->head, "\r\ntransfer-encoding: chunked") != NULL ? CHUNKED : length;
  if (status == first_status && client->left >= CHUNKED) return;
  fprintf(stderr, "cannot read: %s\n", client->head);
  exit(1);
}

/* Whether the answer is over. */
static int take(Client *client, const char *bytes, size_t size) {
  if (client->left == UNKNOWN) {
    size_t before = client->got;
    read_head(client, bytes, size);
    client->got += size;
    char *end = strstr(client->head, "\r\n\r\n");
    if (end == NULL) return 0;
    end[2] = 0;
    understand(client);
    size_t head = end + 4 - client->head - before;
    bytes += head;
    size -= head;
  }
  if (client->left == CHUNKED) return ends_chunks(client, bytes, size);
  client->left -= size;
  return client->left <= 0;
}

static void drop(Client *client) {
  close(client->fd);
  client->fd = -1;
}

/* A connection that the server closes after an answer is made anew. */
static void read_answer(Client *client, double until, int *active) {
  ssize_t size = recv(client->fd, piece, sizeof piece, 0);
  if (size <= 0) fail("the server closed a connection");
  if (!take(client, piece, size)) return;
  if (answered < MAX_TIMES) times[answered] = seconds() - client->began;
  answered += 1;
  int is_over = seconds() >= until || answered + *active > wanted;
  if (is_new || is_over || strcasestr(client->head, "\r\nconnection: close") != NULL) drop(client);
  if (is_over) *active -= 1;
  else ask(client);
}

static int compare(const void *one, const void *other) {
  double a = *(const double *)one, b = *(const double *)other;
  return a < b ? -1 : a > b;
}

static void load(char **words) {
  target_address = words[0];
  read_requests(words[1]);
  int active = atoi(words[2]);
  wanted = atoll(words[4]);
  is_new = strcmp(words[5], "new") == 0;
  times = malloc(MAX_TIMES * sizeof *times);
  poller = epoll_create1(0);
  Client *clients = calloc(active, sizeof *clients);
  double began = seconds(), until = began + atof(words[3]) / 1000;
  alarm(atof(words[3]) / 1000 + 60);
  for (int at = 0; at < active; at += 1) {
    clients[at].fd = -1;
    ask(&clients[at]);
  }
  struct epoll_event events[64];
  while (active > 0) {
    int count = epoll_wait(poller, events, 64, 1000);
    for (int at = 0; at < count; at += 1) read_answer(events[at].data.ptr, until, &active);
  }
  double took = seconds() - began;
  size_t kept = answered < MAX_TIMES ? answered : MAX_TIMES;
  qsort(times, kept, sizeof *times, compare);
  printf("{\"count\":%zu,\"seconds\":%.6f,\"p50\":%.9f,\"p99\":%.9f,\"status\":%d}\n", answered, took, times[kept / 2],
         times[kept * 99 / 100], first_status);
}

/* serve */

static long long served;

static size_t await_head(int fd, char *into) {
  size_t got = 0;
  for (;;) {
    ssize_t size = recv(fd, into + got, PIECE - 1 - got, 0);
    if (size <= 0) return 0;
    got += size;
    into[got] = 0;
    if (strstr(into, "\r\n\r\n") != NULL) return got;
  }
}

static void answer(int fd, char *buffer, size_t got) {
  char head[256];
  long long size = strncmp(buffer, "GET", 3) == 0 ? served : 0;
  long long left = content_length(buffer);
  for (left -= got - (strstr(buffer, "\r\n\r\n") + 4 - buffer); left > 0;) {
    ssize_t read = recv(fd, buffer, PIECE, 0);
    if (read <= 0) return;
    left -= read;
  }
  const char *form = "HTTP/1.1 200 OK\r\nContent-Type: application/x-tar\r\nContent-Length: %lld\r\nConnection: close\r\n\r\n";
  if (send_all(fd, head, sprintf(head, form, size)) == 0) send_body(fd, size);
}

static void *serve_one(void *given) {
  int fd = (int)(intptr_t)given;
  char *buffer = malloc(PIECE);
  size_t got = await_head(fd, buffer);
  if (got > 0) answer(fd, buffer, got);
  close(fd);
  free(buffer);
  return NULL;
}

static void serve(char **words) {
  struct sockaddr_storage place;
  socklen_t size = resolve(words[0], &place);
  int server = socket(place.ss_family, SOCK_STREAM, 0);
  served = atoll(words[1]);
  if (bind(server, (void *)&place, size) != 0 || listen(server, 64) != 0) fail("listen");
  for (;;) {
    pthread_t thread;
    int fd = accept(server, NULL, NULL);
    if (fd < 0) fail("accept");
    if (pthread_create(&thread, NULL, serve_one, (void *)(intptr_t)fd) != 0) fail("thread");
    pthread_detach(thread);
  }
}

/* get and put */

static void transfer(const char *method, const char *address, const char *target, long long sent) {
  char head[1024];
  long long got = 0;
  int status = 0;
  double began = seconds();
  int fd = connect_to(address);
  char fields[96] = "";
  if (sent > 0) sprintf(fields, "Content-Type: application/x-tar\r\nContent-Length: %lld\r\n", sent);
  const char *form = "%s %s HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n%s\r\n";
  if (send_all(fd, head, snprintf(head, sizeof head, form, method, target, fields)) != 0) fail("send");
  if (send_body(fd, sent) != 0) fail("send");
  for (ssize_t size; (size = recv(fd, piece, sizeof piece, 0)) > 0; got += size)
    if (status == 0) status = atoi(piece + 9);
  printf("{\"status\":%d,\"bytes\":%lld,\"seconds\":%.6f}\n", status, got, seconds() - began);
}

/* run */

static double to_seconds(struct timeval time) { return time.tv_sec + time.tv_usec / 1e6; }

static void run(char **words) {
  int status;
  struct rusage usage;
  double began = seconds();
  pid_t child = vfork();
  if (child == 0) {
    close(1);
    execv(words[0], words);
    _exit(127);
  }
  if (wait4(child, &status, 0, &usage) != child) fail("wait");
  double took = seconds() - began;
  printf("{\"status\":%d,\"seconds\":%.6f,\"cpu\":%.6f}\n", WEXITSTATUS(status), took,
         to_seconds(usage.ru_utime) + to_seconds(usage.ru_stime));
}

int main(int count, char **words) {
  alarm(LIMIT_S);
  for (size_t at = 0; at < PIECE; at += 1) piece[at] = (char)(at * 2654435761u >> 24);
  const char *mode = count > 1 ? words[1] : "";
  if (strcmp(mode, "load") == 0 && count == 8) load(words + 2);
  else if (strcmp(mode, "serve") == 0 && count == 4) serve(words + 2);
  else if (strcmp(mode, "get") == 0 && count == 4) transfer("GET", words[2], words[3], 0);
  else if (strcmp(mode, "put") == 0 && count == 5) transfer("PUT", words[2], words[3], atoll(words[4]));
  else if (strcmp(mode, "run") == 0 && count > 2) run(words + 2);
  else return fprintf(stderr, "no such mode: %s, with %d words\n", mode, count - 2), 2;
  return 0;
}
