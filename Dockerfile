# One image for all services: the workspace as it is, run by Node directly, started by command.
FROM node:24-slim AS packages

RUN npm install --global pnpm@12.21.0
WORKDIR /app

# Downloaded again only when the lockfile changes.
COPY pnpm-lock.yaml pnpm-workspace.yaml ./
RUN pnpm fetch --prod

COPY package.json ./
COPY packages packages
COPY services services
RUN pnpm install --offline --frozen-lockfile --prod

# The console's files for the browser; what builds them stays behind.
FROM packages AS console

RUN pnpm fetch && pnpm install --offline --frozen-lockfile --filter @understudy/console...
COPY tsconfig.base.json ./
RUN node packages/console/ensure-built.ts

# Without pnpm and its store.
FROM node:24-slim

WORKDIR /app
COPY --from=packages /app ./
COPY --from=console /app/packages/console/dist ./packages/console/dist

# A volume mounted here belongs to the user that the services run as.
RUN install --directory --owner node --group node --mode 700 /data/files

ENV HOST=0.0.0.0 PORT=8080
USER node
EXPOSE 8080
CMD ["node", "services/api/src/main.ts"]
