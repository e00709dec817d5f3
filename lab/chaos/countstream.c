/*
 * countstream: numbered datagrams, there and back, each of them accounted for.
 *
 *   countstream echo PORT
 *   countstream send ADDRESS PORT INTERVAL_US STATUS_FILE
 *
 * The sender numbers its datagrams; the echo sends each back with how many different ones it has had.
 * So the sender alone knows, exactly, how many were lost on the way there and how many on the way back,
 * and between which two numbers.
 *
 * Those with odd numbers bear an IP option (of nothing but NOPs), there and back: a fast path in the kernel,
 * which goes on with the flows that it knows while the function behind it is dead, leaves such ones to the
 * function. So half of them are what a flow meets, and half what the function itself lets through.
 *
 * On the first reply it prints "ready". On SIGTERM it stops sending, waits
 * until all have come back or none has for DRAIN_MS, prints one JSON object, and ends:
 *
 *   { "sent", "there", "back", "duplicates", "runs": [{ "first", "count", "sentUs", "backUs" }] }
 *
 * A run is numbers without a reply one after the other; sentUs is when the first of them was sent, backUs
 * when the first one after it was sent that came back (0: none did). Times are CLOCK_MONOTONIC.
 *
 * STATUS_FILE holds, all the time, three 64-bit numbers of this machine's byte order: how many were sent, how
 * many came back, and when the newest of those that came back was sent (us).
 *
 * It never catches up: after a time without the processor it goes on at its pace, so that a burst of its
 * own making fills nobody's buffer.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/ip.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MAX_PACKETS = 8 << 20, MAX_RUNS = 1 << 16, DRAIN_MS = 700, PAYLOAD_BYTES = 64 };

struct packet {
  uint32_t magic, run;
  uint64_t number;
  uint64_t there; /* in a reply: how many different ones the echo had */
  uint64_t duplicates;
  uint8_t rest[PAYLOAD_BYTES - 32];
};
static const uint32_t MAGIC = 0x4c4d4353;

struct status {
  uint64_t sent, back, newest_us;
};

static volatile sig_atomic_t stopping;
static void on_signal(int number) { (void)number; stopping = 1; }

static uint64_t now_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000;
}

static void die(const char *what) {
  fprintf(stderr, "countstream: %s: %s\n", what, strerror(errno));
  exit(1);
}

static int open_socket(void) {
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), bytes = 8 << 20;
  if (fd < 0) die("socket");
  setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes);
  setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof bytes);
  return fd;
}

static int take(uint8_t *bits, uint64_t number) {
  if (number >= MAX_PACKETS || (bits[number / 8] & (1u << number % 8))) return 0;
  bits[number / 8] |= (uint8_t)(1u << number % 8);
  return 1;
}

static int has(const uint8_t *bits, uint64_t number) { return bits[number / 8] & (1u << number % 8); }

static void send_packet(int fd, const struct packet *packet, const struct sockaddr_in *to) {
  static const uint8_t NOPS[4] = {IPOPT_NOOP, IPOPT_NOOP, IPOPT_NOOP, IPOPT_NOOP};
  struct iovec bytes = {(void *)packet, sizeof *packet};
  union { struct cmsghdr header; uint8_t bytes[CMSG_SPACE(sizeof NOPS)]; } control = {.bytes = {0}};
  struct msghdr message = {.msg_name = (void *)to, .msg_namelen = sizeof *to, .msg_iov = &bytes, .msg_iovlen = 1};
  if (packet->number & 1) {
    control.header = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof NOPS), .cmsg_level = SOL_IP, .cmsg_type = IP_RETOPTS};
    memcpy(CMSG_DATA(&control.header), NOPS, sizeof NOPS);
    message.msg_control = &control;
    message.msg_controllen = sizeof control;
  }
  /* What the network refuses is sent all the same, and lost: as the one that it is. */
  sendmsg(fd, &message, 0);
}

static int echo(const char *port) {
  int fd = open_socket();
  struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
  if (bind(fd, (struct sockaddr *)&here, sizeof here) < 0) die("bind");
  uint8_t *seen = calloc(1, MAX_PACKETS / 8);
  uint64_t there = 0, duplicates = 0;
  uint32_t run = 0;
  printf("ready\n");
  fflush(stdout);
  while (!stopping) {
    struct pollfd polled = {.fd = fd, .events = POLLIN};
    if (poll(&polled, 1, -1) <= 0) continue;
    struct packet packet;
    struct sockaddr_in from;
    socklen_t length = sizeof from;
    while (recvfrom(fd, &packet, sizeof packet, 0, (struct sockaddr *)&from, &length) == sizeof packet) {
      if (packet.magic != MAGIC) continue;
      if (packet.run != run) { /* a new sender */
        memset(seen, 0, MAX_PACKETS / 8);
        there = duplicates = 0;
        run = packet.run;
      }
      if (take(seen, packet.number)) there++; else duplicates++;
      packet.there = there;
      packet.duplicates = duplicates;
      send_packet(fd, &packet, &from);
    }
  }
  return 0;
}

static struct status *open_status(const char *path) {
  int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0 || ftruncate(fd, sizeof(struct status)) < 0) die(path);
  struct status *status = mmap(NULL, sizeof *status, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (status == MAP_FAILED) die(path);
  close(fd);
  return status;
}

static void print_report(const struct status *status, uint64_t there, uint64_t duplicates, const uint8_t *came,
                         const uint64_t *sent_us) {
  printf("{\"sent\":%lu,\"there\":%lu,\"back\":%lu,\"duplicates\":%lu,\"runs\":[", (unsigned long)status->sent,
         (unsigned long)there, (unsigned long)status->back, (unsigned long)duplicates);
  int runs = 0;
  for (uint64_t at = 0; at < status->sent && runs < MAX_RUNS;) {
    if (has(came, at)) { at++; continue; }
    uint64_t first = at;
    while (at < status->sent && !has(came, at)) at++;
    printf("%s{\"first\":%lu,\"count\":%lu,\"sentUs\":%lu,\"backUs\":%lu}", runs++ ? "," : "",
           (unsigned long)first, (unsigned long)(at - first), (unsigned long)sent_us[first],
           at < status->sent ? (unsigned long)sent_us[at] : 0ul);
  }
  printf("]}\n");
}

static int run_sender(char **argv) {
  int fd = open_socket();
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1]))};
  if (inet_pton(AF_INET, argv[0], &to.sin_addr) != 1) die("address");
  uint64_t interval_us = strtoull(argv[2], NULL, 10), next_us = now_us(), quiet_since_us = 0;
  struct status *status = open_status(argv[3]);
  uint8_t *came = calloc(1, MAX_PACKETS / 8);
  uint64_t *sent_us = malloc(MAX_PACKETS * sizeof *sent_us);
  uint64_t there = 0, duplicates_there = 0, duplicates_back = 0;
  struct packet packet = {.magic = MAGIC, .run = (uint32_t)getpid()};
  memset(status, 0, sizeof *status);

  for (;;) {
    uint64_t now = now_us();
    if (stopping) {
      if (quiet_since_us == 0) quiet_since_us = now;
      if (status->back == status->sent || now - quiet_since_us > DRAIN_MS * 1000ull) break;
    } else if (now >= next_us && status->sent < MAX_PACKETS) {
      packet.number = status->sent;
      sent_us[status->sent] = now;
      send_packet(fd, &packet, &to);
      status->sent++;
      next_us = next_us + interval_us > now ? next_us + interval_us : now + interval_us;
    }
    now = now_us();
    uint64_t wait_us = stopping ? 20000 : next_us > now ? next_us - now : 0;
    struct timespec timeout = {(time_t)(wait_us / 1000000), (long)(wait_us % 1000000 * 1000)};
    struct pollfd polled = {.fd = fd, .events = POLLIN};
    if (ppoll(&polled, 1, &timeout, NULL) <= 0) continue;
    struct packet reply;
    ssize_t length;
    while ((length = recv(fd, &reply, sizeof reply, 0)) >= 0) {
      if (length != sizeof reply || reply.magic != MAGIC || reply.run != packet.run) continue;
      if (reply.number >= status->sent) continue;
      quiet_since_us = 0;
      if (reply.there > there) there = reply.there;
      if (reply.duplicates > duplicates_there) duplicates_there = reply.duplicates;
      if (!take(came, reply.number)) { duplicates_back++; continue; }
      if (sent_us[reply.number] > status->newest_us) status->newest_us = sent_us[reply.number];
      if (status->back++ == 0) {
        printf("ready\n");
        fflush(stdout);
      }
    }
  }
  print_report(status, there, duplicates_there + duplicates_back, came, sent_us);
  return 0;
}

int main(int argc, char **argv) {
  struct sigaction action = {.sa_handler = on_signal};
  sigaction(SIGTERM, &action, NULL);
  sigaction(SIGINT, &action, NULL);
  prctl(PR_SET_TIMERSLACK, 1UL);
  if (argc == 3 && strcmp(argv[1], "echo") == 0) return echo(argv[2]);
  if (argc == 6 && strcmp(argv[1], "send") == 0) return run_sender(argv + 2);
  fprintf(stderr, "usage: countstream echo PORT | send ADDRESS PORT INTERVAL_US STATUS_FILE\n");
  return 2;
}
