// The least that an event to many sockets costs: send() in a loop, on blocking sockets.
//
// Arguments: number of clients, length of a frame. Prints its port. Each line of its input is a number of events, which
// are sent to each client with one call; it answers with their bytes when all are sent.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    int clients = argc > 1 ? atoi(argv[1]) : 1;
    size_t length = argc > 2 ? (size_t) atoi(argv[2]) : 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int server = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(server, (struct sockaddr *) &address, size) || listen(server, 4096)
            || getsockname(server, (struct sockaddr *) &address, &size)) {
        perror("floor");
        return 1;
    }
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    int *sockets = calloc((size_t) clients, sizeof(int));
    for (int i = 0; i < clients; i++) {
        int on = 1;
        char request[1024];
        sockets[i] = accept(server, NULL, NULL);
        setsockopt(sockets[i], IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (recv(sockets[i], request, sizeof request, 0) <= 0) {
            return 1;
        }
        send(sockets[i], "HTTP/1.1 101 \r\n\r\n", 17, 0);
    }
    char line[32];
    while (fgets(line, sizeof line, stdin)) {
        size_t bytes = (size_t) atoi(line) * length;
        char *frames = malloc(bytes);
        memset(frames, 'x', bytes);
        for (int i = 0; i < clients; i++) {
            for (size_t sent = 0; sent < bytes;) {
                ssize_t count = send(sockets[i], frames + sent, bytes - sent, MSG_NOSIGNAL);
                if (count <= 0) {
                    return 1;
                }
                sent += (size_t) count;
            }
        }
        free(frames);
        printf("%zu\n", bytes);
        fflush(stdout);
    }
    return 0;
}
