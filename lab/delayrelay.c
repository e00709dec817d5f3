/*
 * delayrelay: a wire that takes time.
 *
 *   delayrelay [-d DEFAULT_US] [-a ADDRESS=US]... [-c FILE] SITE_IF:INTERNET_IF...
 *
 * Kernels without netem still need a WAN with a round-trip time. Each pair of interfaces becomes one
 * wire: what arrives on one leaves on the other, unchanged and in order, a one-way delay later. The
 * delay depends on the IPv4 address on the internet side of the wire (destination of what comes from
 * the site, source of what goes to it), so one wire leads to near and to far places. ARP and other
 * things that are not IPv4 pass at once.
 *
 * All frames that share a delay wait in one FIFO: their release times are in order by construction, so
 * nothing has to be sorted, and ppoll() sleeps exactly until the earliest head. Frames are read and
 * written through AF_PACKET, hence senders on the other end of the veth must compute their checksums
 * and segment themselves (ethtool -K IF tx off).
 *
 * A wire can be made bad while it runs: at each SIGHUP the lines of FILE are read, `SITE_IF LOSS_PERMILLE EXTRA_US`,
 * and that wire loses so many of a thousand frames, either way, and takes so much longer. A wire that
 * FILE does not name is good. Frames that were taken before keep their time, and their place in the queue.
 *
 * Prints "ready" once all sockets are bound; on SIGTERM one line of counters a wire, and ends.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MAX_WIRES = 8, MAX_CLASSES = 32, MAX_FRAME = 2048, MAX_WAITING = 65536, READ_BURST = 64 };

struct frame {
  struct frame *next;
  uint64_t release_ns;
  int to_socket; /* index into sockets */
  uint32_t length;
  uint8_t bytes[];
};

struct delay_class {
  uint32_t address; /* network order; 0 for the default class */
  uint64_t delay_ns;
  struct frame *head, *tail;
};

struct port {
  int fd;
  int is_site;
  char name[IF_NAMESIZE];
  unsigned long received, sent, dropped;
  unsigned loss_permille; /* of the wire, kept at both of its ends */
  uint64_t extra_ns;
};

static struct port ports[2 * MAX_WIRES]; /* 2n is the site side of wire n, 2n+1 the internet side */
static int port_count;
/* [0] is the default; after it, one class an address; the last one, without delay, is for non-IPv4. */
static struct delay_class classes[MAX_CLASSES + 2];
static int class_count = 1;
static int waiting;
static volatile sig_atomic_t stopping;

static const char *control_path;
static volatile sig_atomic_t reread;

static void on_signal(int number) {
  if (number == SIGHUP) reread = 1; else stopping = 1;
}

static uint64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void die(const char *what, const char *which) {
  fprintf(stderr, "delayrelay: %s %s: %s\n", what, which, strerror(errno));
  exit(1);
}

static void usage(void) {
  fprintf(stderr, "usage: delayrelay [-d DEFAULT_US] [-a ADDRESS=US]... [-c FILE] SITE_IF:INTERNET_IF...\n");
  exit(2);
}

static void open_port(const char *name, int is_site) {
  struct port *port = &ports[port_count++];
  snprintf(port->name, sizeof port->name, "%s", name);
  port->is_site = is_site;
  port->fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, htons(ETH_P_ALL));
  if (port->fd < 0) die("socket for", name);
  struct sockaddr_ll where = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
  where.sll_ifindex = (int)if_nametoindex(name);
  if (where.sll_ifindex == 0) die("no interface", name);
  int one = 1, buffer_bytes = 8 << 20;
  setsockopt(port->fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof one);
  setsockopt(port->fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer_bytes, sizeof buffer_bytes);
  setsockopt(port->fd, SOL_SOCKET, SO_SNDBUFFORCE, &buffer_bytes, sizeof buffer_bytes);
  if (bind(port->fd, (struct sockaddr *)&where, sizeof where) < 0) die("bind to", name);
}

static struct delay_class *class_of(const uint8_t *frame, size_t length, int from_site) {
  if (length < 34 || frame[12] != 0x08 || frame[13] != 0x00) return &classes[class_count];
  uint32_t far_end;
  memcpy(&far_end, frame + (from_site ? 30 : 26), sizeof far_end);
  for (int i = 1; i < class_count; i++)
    if (classes[i].address == far_end) return &classes[i];
  return &classes[0];
}

/* FILE is small and written anew as a whole; what is not there or cannot be read makes all wires good. */
static void read_control(void) {
  for (int i = 0; i < port_count; i++) ports[i].loss_permille = 0, ports[i].extra_ns = 0;
  FILE *file = control_path ? fopen(control_path, "r") : NULL;
  if (file == NULL) return;
  char name[IF_NAMESIZE];
  unsigned loss;
  unsigned long extra_us;
  while (fscanf(file, "%15s %u %lu", name, &loss, &extra_us) == 3)
    for (int i = 0; i < port_count; i += 2)
      if (strcmp(ports[i].name, name) == 0)
        for (int end = i; end < i + 2; end++) {
          ports[end].loss_permille = loss;
          ports[end].extra_ns = (uint64_t)extra_us * 1000;
        }
  fclose(file);
}

/* xorshift: the same run loses the same frames. */
static int is_lost(const struct port *port) {
  static uint32_t state = 2463534242u;
  if (port->loss_permille == 0) return 0;
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state % 1000 < port->loss_permille;
}

/* Takes what has arrived, a burst at most so that no port starves the others. */
static void receive(int index) {
  struct port *port = &ports[index];
  uint8_t bytes[MAX_FRAME];
  for (int i = 0; i < READ_BURST; i++) {
    struct sockaddr_ll from;
    socklen_t from_length = sizeof from;
    ssize_t length =
        recvfrom(port->fd, bytes, sizeof bytes, MSG_TRUNC, (struct sockaddr *)&from, &from_length);
    if (length < 0) return; /* EAGAIN, or ENETDOWN while the link is cut: reading clears it */
    if (from.sll_pkttype == PACKET_OUTGOING) continue;
    port->received++;
    struct frame *frame = NULL;
    if (!is_lost(port) && length <= MAX_FRAME && waiting < MAX_WAITING) frame = malloc(sizeof *frame + (size_t)length);
    if (frame == NULL) {
      port->dropped++;
      continue;
    }
    struct delay_class *class = class_of(bytes, (size_t)length, port->is_site);
    frame->next = NULL;
    frame->release_ns = now_ns() + class->delay_ns + port->extra_ns;
    frame->to_socket = index ^ 1;
    frame->length = (uint32_t)length;
    memcpy(frame->bytes, bytes, (size_t)length);
    if (class->tail != NULL) class->tail->next = frame; else class->head = frame;
    class->tail = frame;
    waiting++;
  }
}

/* Sends all that is due and returns when the next frame is (0: none waits). */
static uint64_t release(void) {
  uint64_t next = 0, now = now_ns();
  for (int i = 0; i <= class_count; i++) {
    struct delay_class *class = &classes[i];
    while (class->head != NULL && class->head->release_ns <= now) {
      struct frame *frame = class->head;
      class->head = frame->next;
      if (class->head == NULL) class->tail = NULL;
      struct port *out = &ports[frame->to_socket];
      if (send(out->fd, frame->bytes, frame->length, 0) < 0) out->dropped++; else out->sent++;
      free(frame);
      waiting--;
    }
    if (class->head != NULL && (next == 0 || class->head->release_ns < next)) next = class->head->release_ns;
  }
  return next;
}

/* What stands before `end`, which stays as it is: the lab knows its processes by their arguments. */
static const char *before(const char *text, const char *end) {
  static char part[64];
  snprintf(part, sizeof part, "%.*s", (int)(end - text), text);
  return part;
}

static void parse_arguments(int argc, char **argv) {
  int option;
  while ((option = getopt(argc, argv, "d:a:c:")) != -1) {
    if (option == 'd') {
      classes[0].delay_ns = strtoull(optarg, NULL, 10) * 1000;
    } else if (option == 'c') {
      control_path = optarg;
    } else if (option == 'a') {
      char *equals = strchr(optarg, '=');
      if (equals == NULL || class_count > MAX_CLASSES) usage();
      struct in_addr address;
      if (inet_pton(AF_INET, before(optarg, equals), &address) != 1) usage();
      classes[class_count].address = address.s_addr;
      classes[class_count++].delay_ns = strtoull(equals + 1, NULL, 10) * 1000;
    } else {
      usage();
    }
  }
  if (optind == argc || argc - optind > MAX_WIRES) usage();
  for (int i = optind; i < argc; i++) {
    char *colon = strchr(argv[i], ':');
    if (colon == NULL) usage();
    open_port(before(argv[i], colon), 1);
    open_port(colon + 1, 0);
  }
}

int main(int argc, char **argv) {
  parse_arguments(argc, argv);
  struct sigaction action = {.sa_handler = on_signal};
  sigaction(SIGTERM, &action, NULL);
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGHUP, &action, NULL);
  prctl(PR_SET_TIMERSLACK, 1UL); /* the default slack of 50 us would lengthen every delay */
  printf("ready\n");
  fflush(stdout);

  read_control();
  while (!stopping) {
    if (reread) {
      reread = 0;
      read_control();
    }
    uint64_t next = release(), now = now_ns();
    uint64_t wait_ns = next > now ? next - now : 0;
    struct timespec timeout = {(time_t)(wait_ns / 1000000000u), (long)(wait_ns % 1000000000u)};
    struct pollfd polled[2 * MAX_WIRES];
    for (int i = 0; i < port_count; i++) polled[i] = (struct pollfd){.fd = ports[i].fd, .events = POLLIN};
    int ready = ppoll(polled, (nfds_t)port_count, next == 0 ? NULL : &timeout, NULL);
    for (int i = 0; i < port_count && ready > 0; i++)
      if (polled[i].revents != 0) receive(i);
  }
  for (int i = 0; i < port_count; i++)
    printf("%s received %lu sent %lu dropped %lu\n", ports[i].name, ports[i].received, ports[i].sent,
           ports[i].dropped);
  return 0;
}
