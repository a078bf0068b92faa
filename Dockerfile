# The backend with everything that it runs: Node, the media worker, ffmpeg and fonts, and nothing else.
# deploy/README.md says how to use it. npm run container-check follows these steps without a Docker engine, so keep to the
# instructions that scripts/container/dockerfile.mjs knows, one file or folder name without wildcards for each source.

# Node and npm, the same for all stages.
FROM node:24-bookworm-slim AS node

# ---- ffmpeg: the distribution's ffmpeg brings 480 MB of desktop libraries, and three hundred formats that people who
# attack it like. This is the distribution's own source, with its security fixes, cut down to what recordings go through.
FROM debian:bookworm-slim AS ffmpeg
RUN sed -i 's/^Types: deb$/Types: deb deb-src/' /etc/apt/sources.list.d/debian.sources \
 && apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends \
      dpkg-dev gcc make nasm pkg-config libc6-dev zlib1g-dev libx264-dev libvpx-dev libopus-dev libass-dev \
 && mkdir /src && cd /src && apt-get source -qq ffmpeg
RUN cd /src/ffmpeg-* \
 && ./configure --enable-gpl --disable-autodetect --disable-network --disable-doc --disable-debug --disable-ffplay --disable-postproc \
      --extra-cflags="$(dpkg-buildflags --get CFLAGS) $(dpkg-buildflags --get CPPFLAGS)" \
      --extra-ldflags="$(dpkg-buildflags --get LDFLAGS)" \
      --enable-zlib --enable-libx264 --enable-libvpx --enable-libopus --enable-libass \
      --disable-encoders --enable-encoder=libx264,libvpx_vp8,aac,libopus,ffv1,pcm_s16le,pcm_f32le,rawvideo,wrapped_avframe,png,mjpeg \
      --disable-decoders --enable-decoder=h264,vp8,vp9,opus,libopus,aac,pcm_mulaw,pcm_alaw,pcm_s16le,pcm_f32le,ffv1,rawvideo,wrapped_avframe,png,mjpeg,webp,gif,bmp \
      --disable-muxers --enable-muxer=matroska,matroska_audio,webm,mp4,mov,ipod,wav,pcm_f32le,pcm_s16le,rawvideo,null,image2,framemd5 \
      --disable-demuxers --enable-demuxer=matroska,mov,concat,wav,pcm_f32le,pcm_s16le,image2,image_png_pipe,image_jpeg_pipe,image_webp_pipe,image_bmp_pipe,gif \
      --disable-protocols --enable-protocol=file,pipe --disable-devices --enable-indev=lavfi \
      --disable-filters --enable-filter=ass,overlay,scale,crop,pad,format,fps,setsar,setdar,setpts,settb,trim,tpad,split,null,copy,color,sendcmd,transpose,hflip,vflip,rotate,loop,freezedetect,blackdetect,amix,aresample,aformat,anull,anullsrc,apad,asetpts,asplit,atrim,alimiter,volume,volumedetect,pan,adelay,astats,sine,testsrc2,concat,showinfo \
 && make -s -j"$(nproc)" ffmpeg ffprobe \
 && strip ffmpeg ffprobe \
 && cp ffmpeg ffprobe /usr/local/bin/

# ---- The packages that the backend runs with. The media worker is built from the sources in its npm package, which the
# lock file vouches for, instead of fetching a binary that nothing vouches for.
FROM node AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# Optional is the TypeScript compiler only, which a package here knows how to use.
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund --loglevel=error

FROM packages AS worker
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends \
      g++ pkg-config meson ninja-build flatbuffers-compiler libflatbuffers-dev libuv1-dev libssl-dev libsrtp2-dev libabsl-dev
COPY scripts/mediasoup-worker scripts/mediasoup-worker
RUN sh scripts/mediasoup-worker/build.sh node_modules/mediasoup \
 && cp node_modules/mediasoup/worker/out/Release/mediasoup-worker /usr/local/bin/ \
 && rm -rf node_modules/mediasoup/worker

# ---- The elements, the demo pages and the backend, with all tools.
FROM node AS build
WORKDIR /app
COPY package.json package-lock.json ./
# mediasoup's install script fetches a worker unless it believes that there is one.
ENV MEDIASOUP_WORKER_BIN=/usr/local/bin/mediasoup-worker
RUN npm ci --include=dev --no-audit --no-fund --loglevel=error
COPY tsconfig.json tsconfig.base.json ./
COPY scripts scripts
COPY protocol protocol
COPY components components
COPY backend backend
COPY demo demo
RUN npm run build \
 && find dist demo -name '*.map' -delete \
 && rm -rf dist/types \
 && chmod +x dist/backend/main.js dist/backend/wcs-mixer.js

# ---- What runs.
FROM debian:bookworm-slim
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends \
      fontconfig fonts-noto-core fonts-wqy-microhei libabsl20220623 libass9 libopus0 libsrtp2-1 libssl3 libstdc++6 libuv1 libvpx7 libx264-164 \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/apt /var/log/dpkg.log \
 && fc-cache -f \
 && useradd --system --uid 10001 --user-group --home-dir /nonexistent --shell /usr/sbin/nologin wcs \
 && install -d -o wcs -g wcs /records
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=ffmpeg /usr/local/bin/ffmpeg /usr/local/bin/ffprobe /usr/local/bin/
COPY --from=worker /usr/local/bin/mediasoup-worker /usr/local/bin/mediasoup-worker
WORKDIR /app
COPY --from=worker /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/demo demo
COPY package.json offline_mixer.json LICENSE ./
RUN ln -s /app/dist/backend/main.js /usr/local/bin/wcs-backend \
 && ln -s /app/dist/backend/wcs-mixer.js /usr/local/bin/wcs-mixer
# A container is reached from outside: the backend starts only with a token secret, or when WCS_OPEN says that anybody may come in.
ENV NODE_ENV=production MEDIASOUP_WORKER_BIN=/usr/local/bin/mediasoup-worker WCS_HOST=0.0.0.0 WCS_RECORDS_DIR=/records
USER wcs
VOLUME /records
EXPOSE 8080 40000/udp 40000/tcp
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.WCS_PORT || 8080) + '/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["wcs-backend"]
