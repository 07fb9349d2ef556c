import { serveJobs } from '../../util/jobs/serve-jobs.ts';
import { pullItems } from './pull-items.ts';

serveJobs({ pull: pullItems });
